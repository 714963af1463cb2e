"""The lecture's training in the terminal, and its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from rich.console import Console
from rich.status import Status

from bench.base.settings import Settings
from bench.lecture.folder import Elsewhere
from bench.lecture.reproduce import Reached, Reproduction
from bench.report import escape
from bench.training.run import TrainingRun
from impls.spec import Params, Recipe


class LectureView:
    """Shows training as the lecture does: the number of samples, a line an epoch, and the time of it all.

    Within a ``with`` block a terminal also shows what is going on.

    Args:
        console: to write to.
    """

    def __init__(self, console: Console) -> None:
        self.console, self._status = console, Status("starting", console=console)
        self._title, self._epochs = "", 0

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self._status.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._status.stop()

    def heading(
        self, settings: Settings, recipe: Recipe, training: int, test: int, seeds: Sequence[int] | None = None
    ) -> None:
        """What is trained on what."""
        seeds = seeds or [settings.seed]
        from_seeds = f"{'seed' if len(seeds) == 1 else 'seeds'} {', '.join(map(str, seeds))}"
        halved = f", halved after every {recipe.halve_every} epochs" if recipe.halve_every else ""
        rate = f"Adam at {recipe.learning_rate:g}{halved}"
        parameters = f"initial parameters as {recipe.initial}'s default, {from_seeds}"
        self._say(f"training images  {training:,}{' (made up)' if settings.synthetic else ''}")
        self._say(f"test images      {test:,}{' (made up)' if settings.synthetic else ''}")
        self._say(f"recipe           {recipe.epochs} epochs, batches of {recipe.batch_size}, {rate}; {parameters}")
        self._say(f"device           {settings.device_name}")

    def begin(self, title: str, epochs: int, run: TrainingRun | None, reason: str) -> None:
        """A variant's turn."""
        self._title, self._epochs = title, epochs
        self._say(f"\n{title}")
        if reason:
            self._say(f"  trained anew, for {reason}")
        self._say("  epoch      loss   accuracy   seconds")
        if run:
            self._rows(run)
            self._say("  gone on with")
        self._doing(1 + (len(run.losses) if run else 0))

    def epoch(self, number: int, loss: float, accuracy: float, seconds: float) -> None:
        """An epoch is over."""
        self._say(f"  {number:5}    {loss:.4f}    {accuracy:7.2%}   {seconds:7.2f}")
        self._doing(number + 1)

    def _doing(self, epoch: int) -> None:
        what = f"epoch {epoch} of {self._epochs}" if epoch <= self._epochs else "done"
        self._status.update(escape.terminal_line(f"{self._title}: {what}"))

    def end(self, run: TrainingRun, *, stored: bool) -> None:
        """A run is over, or was in store."""
        if stored:
            self._say(f"\n{run.label}, stored on {run.date[:10]} (--again trains anew)")
            self._say("  epoch      loss   accuracy   seconds")
            self._rows(run)
        test = sum(run.eval_seconds)
        self._say(f"  total time {run.total_seconds:.1f} s, {test:.1f} s of it for the test set")

    def _rows(self, run: TrainingRun) -> None:
        figures = zip(run.losses, run.accuracy_per_epoch, run.epoch_seconds, strict=True)
        for number, row in enumerate(figures, start=1):
            self.epoch(number, *row)

    def beside_others(self, reproduction: Reproduction) -> LectureView:
        """The view of one of several seeds that are trained at once: each line says which."""
        return _BesideOthers(self.console, f"seed {reproduction.settings.seed}  ")

    def elsewhere(self, found: Mapping[str, Elsewhere]) -> None:
        """Accuracy on another test set."""
        for label, each in found.items():
            self._say(f"\n{label} on {each.name}, {each.images:,} images: {each.accuracy:.2%}")

    def written(self, folder: Path, paths: Sequence[Path]) -> None:
        """Where everything is."""
        if paths:
            names = ", ".join(dict.fromkeys(path.stem.removesuffix("-dark") for path in paths))
            self._say(f"\nIn {folder}: {names}; runs and parameters of each variant in its folder.")

    def interrupted(self, reached: Mapping[str, Reached], recipe: Recipe) -> None:
        """How far it came, and what to do."""
        far = ", ".join(f"{label} after epoch {len(each.run.losses)}" for label, each in reached.items())
        kept = f"What was reached is kept ({far} of {recipe.epochs})" if far else "No epoch was over"
        self.console.print(escape.terminal(f"\n{kept}; the same again with --resume goes on.", "yellow"))

    def _say(self, text: str) -> None:
        self.console.print(escape.terminal(text), soft_wrap=True)


class _BesideOthers(LectureView):
    """A seed's lines among those of others: no live status, which is one for all."""

    def __init__(self, console: Console, prefix: str) -> None:
        super().__init__(console)
        self._prefix = prefix

    def epoch(self, number: int, loss: float, accuracy: float, seconds: float) -> None:
        """An epoch is over."""
        self._say(f"  {self._title}  {number:5}    {loss:.4f}    {accuracy:7.2%}   {seconds:7.2f}")

    def _doing(self, epoch: int) -> None:
        pass

    def _say(self, text: str) -> None:
        for line in filter(None, text.split("\n")):
            super()._say(self._prefix + line)


def draw_all(folder: Path, reached: Sequence[Reached], initial: Params) -> list[Path]:
    """Draw the figures of some runs: their curves, and the filters before and after."""
    from bench.report.plots.curves import draw_curves
    from bench.report.plots.kernels import Trained, draw_conv1, draw_conv2

    trained = [Trained(each.run.label, len(each.run.losses), initial, each.params) for each in reached]
    return [
        *draw_curves([each.run for each in reached], folder / "curves"),
        *draw_conv1(trained, folder / "conv1"),
        *draw_conv2(trained, folder / "conv2"),
    ]
