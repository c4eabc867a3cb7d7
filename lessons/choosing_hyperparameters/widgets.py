"""Searches watched: a bar while one runs, and a flipbook of several filling the space."""

from collections.abc import Mapping, Sequence

import ipywidgets
import optuna
from IPython.display import display
from optuna.trial import FrozenTrial

from lessons.choosing_hyperparameters.figures import searches_frame
from lessons.choosing_hyperparameters.records import Search
from utils.validation import whole
from utils.widgets import Described, flipbook


class Progress:
    """A callback for `study.optimize`: a bar that grows with every finished trial."""

    def __init__(self, trials: int):
        """Show an empty bar for so many trials, 1 or more."""
        self.bar = ipywidgets.IntProgress(
            0, max=whole("trials", trials, 1), description="trials", orientation="horizontal"
        )
        self.count = ipywidgets.Label(f"0 of {trials}")
        display(
            Described(
                [ipywidgets.HBox([self.bar, self.count])], f"A progress bar for {trials} trials."
            )
        )

    def __call__(self, study: optuna.Study, trial: FrozenTrial) -> None:
        """Count one trial."""
        self.bar.value += 1
        self.count.value = f"{self.bar.value} of {self.bar.max}"


def filling(searches: Mapping[str, Search], pages: Sequence[int]) -> Described:
    """Searches side by side, trial by trial.

    Args:
        searches: name, which begins with grid, random or TPE, to a search; all of equal length.
        pages: numbers of trials, one page each.
    """
    text = (
        f"Flipbook of {len(pages)} pages: where {', '.join(searches)} tried learning rate and "
        f"dropout, after {pages[0]} to {pages[-1]} trials each. The larger a point, the better."
    )
    return flipbook(lambda trial: searches_frame(searches, trial).figure, pages, text, label="page")
