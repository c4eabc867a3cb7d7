"""A photograph and a 3x3 kernel: type weights, see at once what they make of the picture."""

import ipywidgets
import numpy as np
from numpy.typing import ArrayLike, NDArray

from utils.convolution import correlate2d
from utils.plots import MAGNITUDE, PIXELS, SIGNED
from utils.widgets import Described, picture

KERNELS: dict[str, list[list[float]]] = {
    "vertical edges": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "horizontal edges": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "Sobel": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "all edges (Laplace)": [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "blur": [[0.111, 0.111, 0.111], [0.111, 0.111, 0.111], [0.111, 0.111, 0.111]],
    "leave as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
VIEWS = {"signed": "signed", "absolute value": "absolute", "as a photograph": "pixels"}


def response_png(image: NDArray, kernel: ArrayLike, view: str) -> bytes:
    """What a kernel makes of a gray photograph, as a picture.

    Args:
        image: gray pixels, 0..255, shape (H, W).
        kernel: weights, shape (kh, kw).
        view: "signed" (colors centered on zero), "absolute" (magnitude) or "pixels" (clipped to
            0..255).

    Returns:
        The bytes of a PNG of shape (H - kh + 1, W - kw + 1).
    """
    response = correlate2d(image, np.asarray(kernel, np.float32))
    if view == "pixels":
        return picture(response, PIXELS, 0, 255)
    limit = max(float(np.percentile(np.abs(response), 99)), 1.0)
    if view == "absolute":
        return picture(np.abs(response), MAGNITUDE, 0, limit)
    return picture(response, SIGNED, -limit, limit)


class LiveFilter(Described):
    """A menu of kernels, nine weights to change, and the photograph beside its response."""

    def __init__(self, image: NDArray):
        self.image = image
        self.menu = ipywidgets.Dropdown(options=list(KERNELS), description="kernel")
        self.view = ipywidgets.Dropdown(options=VIEWS, description="show")
        self.weights = [_weight_field(i, j) for i in range(3) for j in range(3)]
        self.total = ipywidgets.HTML()
        self.response = ipywidgets.Image(format="png")
        self.menu.observe(self._choose, "value")
        self.view.observe(self._draw, "value")
        for field in self.weights:
            field.observe(self._draw, "value")
        self._choose()
        super().__init__([self._arranged()], self._text())

    @property
    def kernel(self) -> NDArray:
        """The nine weights as they stand, shape (3, 3)."""
        return np.array([field.value for field in self.weights]).reshape(3, 3)

    def _choose(self, _change: object = None) -> None:
        self._drawing = False
        for field, weight in zip(self.weights, np.ravel(KERNELS[self.menu.value]), strict=True):
            field.value = weight
        self._drawing = True
        self._draw()

    def _draw(self, _change: object = None) -> None:
        if self._drawing:
            self.response.value = response_png(self.image, self.kernel, self.view.value)
            self.total.value = f"sum of the weights: <b>{self.kernel.sum():.4g}</b>"

    def _arranged(self) -> ipywidgets.Widget:
        for menu in (self.menu, self.view):
            menu.style.description_width = "50px"
            menu.layout.width = "250px"
        rows = [ipywidgets.HBox(self.weights[i : i + 3]) for i in (0, 3, 6)]
        grid = ipywidgets.VBox(rows)
        grid.layout.margin = "8px 0"
        controls = ipywidgets.VBox([self.menu, grid, self.total, self.view])
        photograph = ipywidgets.Image(value=picture(self.image, PIXELS, 0, 255), format="png")
        for image in (photograph, self.response):
            image.layout.width = image.layout.height = "330px"
            image.layout.margin = "0 0 8px 16px"
        row = ipywidgets.HBox([controls, photograph, self.response])
        row.layout.flex_flow = "row wrap"
        return row

    def _text(self) -> str:
        return (
            f"Live filter: a photograph of {self.image.shape[0]} x {self.image.shape[1]} pixels, "
            f"nine weights, and the response beside it. Kernels: {', '.join(KERNELS)}."
        )


def _weight_field(row: int, column: int) -> ipywidgets.FloatText:
    field = ipywidgets.FloatText(
        step=1, continuous_update=True, tooltip=f"weight [{row}, {column}]"
    )
    field.layout.width = "72px"
    return field
