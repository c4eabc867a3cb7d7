"""The widgets of the lessons: thin shells over functions that are tested by themselves."""

from utils.widgets.core import Described, flipbook
from utils.widgets.live_filter import LiveFilter
from utils.widgets.stepper import ConvolutionStepper

__all__ = ["ConvolutionStepper", "Described", "LiveFilter", "flipbook"]
