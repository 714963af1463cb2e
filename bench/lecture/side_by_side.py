"""Runs of the lecture beside one another, each on cores of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

from bench.lecture.reproduce import Lane, Reproduction, Turn, View
from bench.worker.reaper import reaper
from bench.worker.variant import Cores

Planned = tuple[Reproduction, list[Turn]]


def side_by_side(
    reproductions: Sequence[Reproduction], view_of: Callable[[Reproduction], View], *, lanes: int, threads: int
) -> None:
    """Train what is missing of each, in lanes that take the next one as they become free.

    A lane is a thread that waits for its worker. Where this is interrupted, every worker is ended; what was reached is
    stored.

    Args:
        reproductions: what to train; no two of one variant and seed.
        view_of: what is told of one; called from several threads.
        lanes: how many at a time, at most ``threads``.
        threads: cores to be shared.

    Raises:
        LenetError: as `Reproduction.plan`, before anything is trained.
        WorkerError: a worker was lost; all others were trained.
    """
    todo: SimpleQueue[Planned] = SimpleQueue()
    for reproduction in reproductions:
        todo.put((reproduction, reproduction.plan()))
    ended: SimpleQueue[BaseException | None] = SimpleQueue()

    def work(number: int) -> None:
        count = threads // lanes
        while planned := _next(todo):
            reproduction, turns = planned
            reproduction.lane = Lane(Cores(number * count, count), lanes)
            try:
                reproduction.run(view_of(reproduction), turns)
            except BaseException as error:  # told to the caller, in its own thread
                ended.put(error)
            else:
                ended.put(None)

    reaper()  # one for all lanes, so it is there before them
    workers = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(lanes)]
    errors: list[BaseException] = []
    left = len(reproductions)
    try:
        for worker in workers:
            worker.start()
        while left:
            if error := ended.get():
                errors.append(error)
            left -= 1
    finally:
        while _next(todo):
            pass
        while left and any(worker.is_alive() for worker in workers):
            reaper().end_all()
            for worker in workers:
                worker.join(0.1)
    if errors:
        raise errors[0]


def _next(todo: SimpleQueue[Planned]) -> Planned | None:
    try:
        return todo.get_nowait()
    except Empty:
        return None
