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
    "blur": [[1 / 9] * 3] * 3,
    "leave as it is": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
}
VIEWS = {
    "automatic": "auto",
    "signed": "signed",
    "absolute value": "absolute",
    "as a photograph": "pixels",
}
LEGENDS = {
    "signed": "white is 0",
    "absolute": "size alone",
    "pixels": "as gray",
}
LIMIT = 255
"""The response at the ends of its colors, for every kernel, so that one can compare."""
TILE = 9
"""Pixels of the tile that is enlarged, along each side."""


def chosen(kernel: ArrayLike, view: str) -> str:
    """The view itself; of "auto", signed where the weights add up to 0, and else a photograph."""
    if view != "auto":
        return view
    return "pixels" if abs(np.sum(kernel)) > 1e-6 else "signed"


def response_png(image: NDArray, kernel: ArrayLike, view: str, enlarged: int = 1) -> bytes:
    """What a kernel makes of a gray photograph, as a picture.

    Args:
        image: gray pixels, 0..255, shape (H, W).
        kernel: weights, shape (kh, kw).
        view: "signed" (colors from -LIMIT to LIMIT, white is 0), "absolute" (magnitude, to LIMIT),
            "pixels" (clipped to 0..255), or "auto", as in `chosen`.
        enlarged: how many times.

    Returns:
        The bytes of a PNG of shape (H - kh + 1, W - kw + 1), enlarged.
    """
    response = correlate2d(image, np.asarray(kernel, np.float32))
    response = np.kron(response, np.ones((enlarged, enlarged)))
    view = chosen(kernel, view)
    if view == "pixels":
        return picture(response, PIXELS, 0, 255)
    if view == "absolute":
        return picture(np.abs(response), MAGNITUDE, 0, LIMIT)
    return picture(response, SIGNED, -LIMIT, LIMIT)


def busiest(image: NDArray, side: int) -> tuple[int, int]:
    """Row and column where the square tile begins that varies most, of every fourth; no border."""
    corners = [
        (row, column)
        for row in range(1, image.shape[0] - side, 4)
        for column in range(1, image.shape[1] - side, 4)
    ]
    return max(corners, key=lambda at: image[at[0] :, at[1] :][:side, :side].std())


class LiveFilter(Described):
    """A menu of kernels, nine weights to change, and the photograph beside its response.

    Below each picture, the same few of its pixels, enlarged: there a move by one pixel shows.
    """

    def __init__(self, image: NDArray):
        self.image = image
        row, column = busiest(image, TILE)
        self.around = image[row - 1 : row + TILE + 1, column - 1 : column + TILE + 1]
        self.menu = ipywidgets.Dropdown(options=list(KERNELS), description="kernel")
        self.view = ipywidgets.Dropdown(options=VIEWS, description="show")
        self.weights = [_weight_field(i, j) for i in range(3) for j in range(3)]
        self.total, self.caption = ipywidgets.HTML(), ipywidgets.HTML()
        self.response = ipywidgets.Image(format="png")
        self.tile = ipywidgets.Image(format="png")
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
            kernel, view = self.kernel, self.view.value
            self.response.value = response_png(self.image, kernel, view)
            self.tile.value = response_png(self.around, kernel, view, enlarged=10)
            self.caption.value = f"<b>response</b>, {LEGENDS[chosen(kernel, view)]}"
            self.total.value = f"sum of the weights: <b>{kernel.sum():.4g}</b>"

    def _arranged(self) -> ipywidgets.Widget:
        for menu in (self.menu, self.view):
            menu.style.description_width = "58px"
            menu.layout.width = "250px"
        rows = [ipywidgets.HBox(self.weights[i : i + 3]) for i in (0, 3, 6)]
        grid = ipywidgets.VBox(rows)
        grid.layout.margin = "4px 0"
        controls = ipywidgets.VBox([self.menu, grid, self.total, self.view])
        controls.layout.flex = "0 0 auto"
        photograph = ipywidgets.Image(value=picture(self.image, PIXELS, 0, 255), format="png")
        pixels = np.kron(self.around[1:-1, 1:-1], np.ones((10, 10)))
        tile = ipywidgets.Image(value=picture(pixels, PIXELS, 0, 255), format="png")
        columns = [
            _column(ipywidgets.HTML("<b>photograph</b>"), photograph, tile, "9 × 9 of its pixels"),
            _column(self.caption, self.response, self.tile, "the response there"),
        ]
        return ipywidgets.HBox([controls, *columns])

    def _text(self) -> str:
        return (
            f"Live filter: a photograph of {self.image.shape[0]} x {self.image.shape[1]} pixels, "
            f"nine weights, and the response beside it. Kernels: {', '.join(KERNELS)}."
        )


def _column(
    caption: ipywidgets.HTML, image: ipywidgets.Image, tile: ipywidgets.Image, words: str
) -> ipywidgets.VBox:
    """A picture under its caption, and some of its pixels enlarged below it."""
    image.layout.width, image.layout.height = "100%", "auto"
    tile.layout.width = tile.layout.height = "90px"
    below = ipywidgets.HBox([tile, ipywidgets.HTML(words)])
    look = {"flex": "1 1 0", "max_width": "min(330px, 100vh - 270px)", "margin": "0 0 0 14px"}
    return ipywidgets.VBox([caption, image, below], layout=look)


def _weight_field(row: int, column: int) -> ipywidgets.FloatText:
    field = ipywidgets.FloatText(
        step=1, continuous_update=True, tooltip=f"weight [{row}, {column}]"
    )
    field.layout.width = "72px"
    return field
