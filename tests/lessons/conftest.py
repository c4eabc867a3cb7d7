"""Every figure under test has the look of the course, and is closed afterwards."""

import matplotlib.pyplot as plt
import pytest

from utils import plots


@pytest.fixture(autouse=True)
def style():
    """Set the style; close what a test leaves open."""
    plots.style()
    yield
    plt.close("all")
