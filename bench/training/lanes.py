"""Training runs side by side on a CPU, each in a worker on cores of its own.

LeNet's operations are small: two runs on a core each are done sooner than one after the other on both cores.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from queue import Empty, SimpleQueue

from bench.base.memory import available_memory
from bench.base.settings import Settings
from bench.training.job import Job, OnProgress, Outcome, Progress, attempt
from bench.training.run import TrainingRun
from bench.worker.process import WorkerError
from bench.worker.reaper import reaper
from bench.worker.variant import Cores
from impls.spec import Recipe

News = Progress | TrainingRun | BaseException


def side_by_side(
    jobs: Sequence[Job], settings: Settings, recipe: Recipe, on_progress: OnProgress, *, lanes: int
) -> Iterator[Outcome]:
    """Train in as many lanes as asked for, each with an equal part of the cores; in order, as lanes become free.

    A lane is a thread that waits for its worker. All that is told is told here, in the thread of the caller. Where that
    is interrupted, or wants no more, every worker is ended.

    Args:
        jobs: to be done.
        settings: of the runs.
        recipe: what to train by.
        on_progress: told of every step.
        lanes: at most as many as there are cores.
    """
    todo: SimpleQueue[Job] = SimpleQueue()
    for job in jobs:
        todo.put(job)
    said: SimpleQueue[tuple[Job, News]] = SimpleQueue()
    count = settings.threads // lanes
    # Nine tenths of what is free, as for a worker alone, are for all of them together.
    settings = replace(settings, memory=settings.memory or int(0.9 * available_memory() / lanes))

    def work(lane: int) -> None:
        cores = Cores(lane * count, count)
        while job := _next(todo):
            try:
                tell = _sayer(said, job)
                said.put((job, attempt(job, settings, recipe, tell, cores=cores, concurrent=lanes)))
            except BaseException as error:
                said.put((job, error))
                return

    reaper()  # one for all lanes, so it is there before them
    threads = [threading.Thread(target=work, args=(lane,), daemon=True) for lane in range(lanes)]
    left = len(jobs)
    try:
        for thread in threads:
            thread.start()
        while left:
            job, news = said.get()
            if isinstance(news, Progress):
                on_progress(news)
                continue
            if isinstance(news, BaseException) and not isinstance(news, WorkerError):
                raise news
            left -= 1
            yield job, news
    finally:
        while _next(todo):
            pass
        while left and any(thread.is_alive() for thread in threads):
            reaper().end_all()
            for thread in threads:
                thread.join(0.1)


def _next(todo: SimpleQueue[Job]) -> Job | None:
    try:
        return todo.get_nowait()
    except Empty:
        return None


def _sayer(said: SimpleQueue[tuple[Job, News]], job: Job) -> OnProgress:
    return lambda progress: said.put((job, progress))
