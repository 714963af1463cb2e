"""Train variants as the lecture does, one after the other, and keep all that was reached at every moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from bench.base.settings import Settings
from bench.lecture.folder import Elsewhere, VariantFolder, folder_of, save_curves, save_initial
from bench.training import store
from bench.training.loop import Checkpoint, experiment, train
from bench.training.run import Experiment, TrainingRun
from bench.worker.process import WorkerError
from bench.worker.variant import Subject
from impls.data import Split
from impls.errors import LenetError
from impls.registry import Choice
from impls.spec import Params, Recipe, initial_params


class View(Protocol):
    """What is told as the runs go on."""

    def begin(self, title: str, epochs: int, run: TrainingRun | None, reason: str) -> None:
        """A variant's turn: with what it has already, and why what is stored does not count; empty as a rule."""

    def epoch(self, number: int, loss: float, accuracy: float, seconds: float) -> None:
        """An epoch is over."""

    def end(self, run: TrainingRun, *, stored: bool) -> None:
        """A run is over, or was in store."""


@dataclass(frozen=True)
class Turn:
    """A variant's turn.

    Attributes:
        choice: the variant, its own name known.
        folder: of its files.
        stored: the whole run that is there and counts.
        checkpoint: to go on from.
        reason: why a run in store does not count; empty as a rule.
    """

    choice: Choice
    folder: VariantFolder
    stored: TrainingRun | None
    checkpoint: Checkpoint | None
    reason: str


@dataclass(frozen=True)
class Reached:
    """A variant's run, as far as it came.

    Attributes:
        run: its curves.
        params: canonical, after its last epoch.
    """

    run: TrainingRun
    params: Params


class Reproduction:
    """The runs of some variants by one recipe from one seed.

    Args:
        choices: the variants.
        settings: of the runs.
        recipe: what to train by.
        resume: go on with runs that were interrupted.
        again: train anew whatever is there.

    Attributes:
        folder: where everything is kept.
        reached: how far each run has come, by label, in the order in which they were trained.
    """

    def __init__(
        self,
        choices: Sequence[Choice],
        settings: Settings,
        recipe: Recipe,
        *,
        resume: bool = False,
        again: bool = False,
    ) -> None:
        self.choices, self.settings, self.recipe = choices, settings, recipe
        self.resume, self.again = resume, again
        self.folder = folder_of(settings, recipe)
        self.initial = initial_params(settings.seed, recipe.initial)
        self.reached: dict[str, Reached] = {}

    def run(self, view: View) -> None:
        """Train what is missing.

        Raises:
            LenetError: a run was interrupted before and it was not said what to do with it, or cannot be gone on with;
                nothing was trained then.
            WorkerError: a worker was lost; what was reached is stored, and all others were trained.
        """
        lost: list[WorkerError] = []
        for turn in [self._turn(choice) for choice in self.choices]:  # all of them first: a question comes at once
            try:
                self._take(turn, view)
            except WorkerError as error:
                lost.append(error)
        if lost:
            raise lost[0]

    def _turn(self, choice: Choice) -> Turn:
        if choice.variant and (self.again or not VariantFolder(self.folder, choice.label).path.exists()):
            return Turn(choice, VariantFolder(self.folder, choice.label), None, None, "")
        planned = self._planned(choice)
        folder = VariantFolder(self.folder, planned.label)
        choice = replace(choice, variant=planned.variant)
        if self.again:
            return Turn(choice, folder, None, None, "")
        if checkpoint := folder.checkpoint():
            return Turn(choice, folder, None, self._to_go_on_from(checkpoint, planned, folder), "")
        run = folder.run()
        if run is None or folder.final_params() is None:
            return Turn(choice, folder, None, None, "")
        reasons = store.changes(run, planned)
        return Turn(choice, folder, None if reasons else run, None, "; ".join(reasons))

    def _planned(self, choice: Choice) -> Experiment:
        """What is to be trained; the variant's worker is started once to ask."""
        with Subject(choice, self.settings, self.recipe) as subject:
            return experiment(subject)

    def _to_go_on_from(self, checkpoint: Checkpoint, planned: Experiment, folder: VariantFolder) -> Checkpoint:
        epochs = len(checkpoint.run.losses)
        reached = f"{planned.label} was interrupted after epoch {epochs} of {self.recipe.epochs}"
        if not self.resume:
            raise LenetError(f"{reached} ({folder.checkpoint_path}); go on with --resume, or begin anew with --again.")
        if reasons := store.changes(checkpoint.run, planned):
            raise LenetError(f"{reached}, and since then {'; '.join(reasons)}; begin anew with --again.")
        if checkpoint.optimizer is None:
            raise LenetError(
                f"{reached}, and it cannot be gone on with, for its backend does not give out the optimizer's state "
                "(export_optimizer); begin anew with --again."
            )
        return checkpoint

    def _take(self, turn: Turn, view: View) -> None:
        label = turn.choice.label
        if turn.stored:
            params = turn.folder.final_params()
            assert params is not None
            self.reached[label] = Reached(turn.stored, params)
            view.end(turn.stored, stored=True)
            return

        def keep(checkpoint: Checkpoint) -> None:
            self.reached[label] = Reached(checkpoint.run, checkpoint.params)
            finish = len(checkpoint.run.losses) == self.recipe.epochs
            (turn.folder.finish if finish else turn.folder.save_checkpoint)(checkpoint)

        if turn.checkpoint:
            self.reached[label] = Reached(turn.checkpoint.run, turn.checkpoint.params)
        view.begin(label, self.recipe.epochs, turn.checkpoint.run if turn.checkpoint else None, turn.reason)
        run = train(
            turn.choice,
            self.settings,
            self.recipe,
            seed=self.settings.seed,
            on_epoch=view.epoch,
            checkpoint=turn.checkpoint,
            on_checkpoint=keep,
            closely=True,
        )
        view.end(run, stored=False)

    def write(self, draw: Callable[[Path, Sequence[Reached], Params], list[Path]]) -> list[Path]:
        """Write curves, initial parameters and figures of all that was reached; what they are, where there is any."""
        if not self.reached:
            return []
        save_initial(self.folder, self.initial)
        reached = list(self.reached.values())
        for run in (each.run for each in reached if len(each.run.losses) < self.recipe.epochs):
            VariantFolder(self.folder, run.label).save_unfinished(run)
        save_curves(self.folder, [each.run for each in reached], self.recipe)
        return [self.folder / "curves.csv", *draw(self.folder, reached, self.initial)]

    def look_elsewhere(self, name: str, split: Split) -> dict[str, Elsewhere]:
        """How every run that has come to its end does on another test set, by label; stored beside the run.

        Raises:
            WorkerError: a worker was lost.
        """
        found = {}
        for choice in self.choices:
            with Subject(choice, self.settings, self.recipe) as subject:
                label = experiment(subject).label
                if len(self.reached[label].run.losses) < self.recipe.epochs:
                    continue
                subject.worker.call("load_params", self.reached[label].params)
                accuracy = subject.worker.call("accuracy_on", split)
            found[label] = Elsewhere(name, split.fingerprint, len(split), accuracy)
            VariantFolder(self.folder, label).save_elsewhere(found[label])
        return found
