"""One look for every picture: a light card that reads the same in light and dark notebooks."""

from __future__ import annotations

import io
from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

CARD, EDGE, INK, SOFT, LINE = "#FCFBF8", "#D9D5CB", "#22303C", "#5B6470", "#E6E3DB"
BLUE, ORANGE, GREEN, PURPLE, AMBER = "#0B63A5", "#C4500A", "#007A5A", "#8A4F9E", "#8F6400"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, AMBER, SOFT)
DASHES = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)), (0, (9, 3)), (0, (3, 1.5, 1.5, 1.5, 1.5, 1.5)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p")
HEAT = LinearSegmentedColormap.from_list("heat", ("#EBF0F5", "#9CC3E6", "#2F7FC1", "#0B3C6B"))
SHARP = 1.5
"""Pixels of the file for each pixel on the screen."""

STYLE: Any = {
    "font.family": "DejaVu Sans", "font.size": 9.5, "text.color": INK,
    "axes.facecolor": "none", "axes.edgecolor": SOFT, "axes.labelcolor": SOFT, "axes.labelsize": 9.5,
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "axes.titlelocation": "left", "axes.titlesize": 10.5, "axes.titleweight": "bold", "axes.titlecolor": INK,
    "axes.titlepad": 9, "axes.grid": False, "grid.color": LINE, "grid.linewidth": 0.8,
    "xtick.color": SOFT, "ytick.color": SOFT, "xtick.major.size": 3, "ytick.major.size": 3,
    "lines.linewidth": 1.9, "lines.solid_capstyle": "round", "lines.dash_capstyle": "butt",
    "legend.frameon": False, "figure.dpi": 96, "savefig.dpi": "figure", "text.usetex": False,
}

class Picture(Figure):
    """A matplotlib figure that shows itself once, as a PNG with alternative text, and needs no pyplot."""

    alt: str = ""
    kind: str = ""

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height on the screen."""
        return round(self.get_figwidth() * 96), round(self.get_figheight() * 96)

    def describe(self, kind: str, alt: str) -> Picture:
        """Add to the text that stands for the picture: a short kind, equal on every run, and the whole story."""
        self.kind = f"{self.kind} and {kind}".removeprefix(" and ")
        self.alt = f"{self.alt} {alt}".strip()
        return self

    @rc_context(STYLE)
    def png(self) -> bytes:
        """Return the picture as a PNG file."""
        file = io.BytesIO()
        words = {"Title": self.kind, "Description": self.alt, "Software": None}
        self.savefig(file, format="png", dpi=96 * SHARP, metadata=words, bbox_inches=None)
        return file.getvalue()

    def bundle(self) -> tuple[dict[str, str], dict[str, Any]]:
        """Return a notebook's output and its metadata; JupyterLab gives words to a picture in HTML alone."""
        return {"text/html": image(self.png(), self.alt, self.pixels), "text/plain": repr(self)}, {}

    def _ipython_display_(self) -> None:
        """Show the picture once, as it is, whatever pyplot would do with a figure."""
        from IPython.display import display

        data, metadata = self.bundle()
        display(data, metadata=metadata, raw=True)

    def __repr__(self) -> str:
        """Return the kind alone: the text that is compared between runs."""
        return f"Picture: {self.kind}"

    __str__ = __repr__


def image(file: bytes, alt: str, pixels: tuple[int, int] | None = None, kind: str = "png") -> str:
    """Return an image file as HTML, with the words that stand for it, and its width and height on the screen."""
    size = f'width="{pixels[0]}" height="{pixels[1]}" ' if pixels else ""
    look = "max-width:100%;height:auto"
    return f'<img src="data:image/{kind};base64,{b64encode(file).decode()}" {size}style="{look}" alt="{escape(alt)}">'


@rc_context(STYLE)
def blank(width: float, height: float, panels: Sequence[float] = (1,)) -> tuple[Picture, list[Axes]]:
    """Return an empty card of that many inches, and its axes side by side in the given relative widths."""
    picture = Picture(figsize=(width, height), dpi=96, layout="constrained", facecolor="none")
    picture.get_layout_engine().set(w_pad=0.16, h_pad=0.15, wspace=0.04)  # type: ignore[union-attr]
    picture.add_artist(_card(picture))
    axes = picture.subplots(1, len(panels), squeeze=False, gridspec_kw={"width_ratios": list(panels)})
    return picture, [*axes[0]]


def _card(picture: Picture) -> FancyBboxPatch:
    """The rounded rectangle behind a picture, measured in inches."""
    width, height = picture.get_size_inches() - 0.04
    card = FancyBboxPatch(
        (0.02, 0.02), width, height, boxstyle="round,pad=0,rounding_size=0.1", transform=picture.dpi_scale_trans,
        facecolor=CARD, edgecolor=EDGE, linewidth=0.8, zorder=-10,
    )
    card.set_in_layout(False)
    return card
