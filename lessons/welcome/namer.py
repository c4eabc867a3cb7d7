"""A box that names photographs: one of those that are here, or a file of the student's own."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING

import ipywidgets
import numpy as np
from numpy.typing import NDArray

from lessons.welcome.figures import named
from lessons.welcome.naming import PHOTOGRAPHS, answer, photograph, uploaded
from utils import plots
from utils.widgets import Described

if TYPE_CHECKING:
    import keras


class Namer(Described):
    """Choose a photograph or upload one; below it stands what the network says."""

    def __init__(self, network: "keras.Model"):
        self.network = network
        self.chosen = ipywidgets.Dropdown(
            options=list(PHOTOGRAPHS),
            value="coffee",
            description="photograph",
            style={"description_width": "initial"},
        )
        self.upload = ipywidgets.FileUpload(
            accept="image/*",
            multiple=False,
            description="one of yours",
            layout={"width": "max-content"},
        )
        self.view = ipywidgets.HTML()
        self.chosen.observe(self._choose, "value")
        self.upload.observe(self._upload, "value")
        self._choose()
        text = (
            "A box that names photographs: choose one, or press the button and take a file of "
            "yours. Below stand the network's three best answers. It needs a running notebook."
        )
        controls = ipywidgets.HBox([self.chosen, self.upload])
        super().__init__([controls, self.view], text)

    def _choose(self, _change: object = None) -> None:
        self._show(self.chosen.value, photograph(self.chosen.value))

    def _upload(self, change: Mapping) -> None:
        for file in change["new"]:
            try:
                self._show(file["name"], uploaded(bytes(file["content"])))
            except ValueError as error:
                self.view.value = f"<p><b>{escape(str(error))}</b></p>"

    def _show(self, name: str, photo: NDArray[np.uint8]) -> None:
        picture = named({name: photo}, {name: answer(self.network, photo)})
        pixels = plots.drawn(picture.figure, plots.RETINA)
        data = b64encode(plots.webp(pixels)).decode()
        said = escape(picture.alt)  # both: the box gives its own words to every alt
        self.view.value = (
            f'<img src="data:image/webp;base64,{data}" alt="{said}" aria-label="{said}" '
            f'style="width:{round(pixels.width / plots.RETINA)}px;max-width:100%">'
        )
