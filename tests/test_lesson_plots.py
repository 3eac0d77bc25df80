"""Each picture of the lessons shows what it was given, says it in words, and shows itself once."""

import struct
import subprocess
import sys
from html import escape

import pytest
import torch
from lesson import plots
from lesson.data import small_town
from lesson.panels import spread
from lesson.style import COLOURS, blank

PICTURES = {
    "likes": lambda: plots.like_matrix(torch.eye(4)),
    "many likes": lambda: plots.like_matrix(torch.ones(80, 60)),
    "heat": lambda: plots.heat_map(torch.rand(3, 3)),
    "wide heat": lambda: plots.heat_map(torch.rand(3, 70)),
    "constant heat": lambda: plots.heat_map(torch.zeros(3, 3)),
    "curves": lambda: plots.curves({"a": [1.0, 0.5], "b": torch.ones(9)}, "loss", floor=0.4),
    "one point": lambda: plots.curves({"a": [1.0]}),
    "bars": lambda: plots.bars_with_interval({"a": (0.3, 0.2, 0.4)}, "recall", chance=0.1),
    "histogram": lambda: plots.histogram({"a": torch.rand(9), "b": torch.zeros(3, 3)}),
    "constant histogram": lambda: plots.histogram(torch.ones(5)),
    "latents": lambda: plots.scatter_latent(torch.rand(9, 2), torch.arange(9), highlight=[0, 3]),
    "latents without groups": lambda: plots.scatter_latent(torch.rand(9, 2, requires_grad=True)),
}
BAD = {
    "a vector of likes": lambda: plots.like_matrix(torch.ones(3)),
    "too few names": lambda: plots.like_matrix(torch.ones(3, 2), users=("Amina",)),
    "an empty matrix": lambda: plots.heat_map(torch.ones(0, 3)),
    "no curve": lambda: plots.curves({"loss": []}),
    "no bar": lambda: plots.bars_with_interval({}),
    "no number": lambda: plots.histogram(torch.ones(0)),
    "three columns": lambda: plots.scatter_latent(torch.ones(4, 3)),
    "other groups": lambda: plots.scatter_latent(torch.ones(4, 2), torch.ones(3)),
}


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG defines it."""

    def light(colour):
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_is_a_png_of_its_size(draw):
    """The file has one and a half pixels for each pixel on the screen."""
    picture = draw()
    size = struct.unpack(">II", picture.png()[16:24])
    assert size == pytest.approx([1.5 * side for side in picture.pixels], abs=2)


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_every_picture_has_alternative_text(draw):
    """The text says more than a word."""
    assert len(draw().alt) > 10


@pytest.mark.parametrize("draw", PICTURES.values(), ids=PICTURES)
def test_the_words_stand_in_the_file(draw):
    """A PNG that is saved keeps its description."""
    assert b"Description" in draw().png()


@pytest.mark.parametrize("draw", BAD.values(), ids=BAD)
def test_what_cannot_be_drawn_is_said(draw):
    """The error says what was expected."""
    with pytest.raises(ValueError, match=r"must|names"):
        draw()


def test_a_picture_writes_the_same_text_on_every_run():
    """The text that nbval compares holds no address."""
    assert repr(plots.heat_map(torch.eye(2))) == "Picture: heat map of 2 rows and 2 columns"


def test_a_notebook_gets_the_alternative_text_with_the_picture():
    """A screen reader finds the words at the picture."""
    picture = plots.heat_map(torch.eye(2), title='<"1">')
    assert f'alt="{escape(picture.alt)}"' in picture.bundle()[0]["text/html"]


def test_the_small_town_is_told_in_words():
    """The alternative text of a small like matrix says who likes what."""
    town = small_town()
    assert "Freja likes nothing." in plots.like_matrix(*town).alt


def test_two_panels_tell_both_stories():
    """A picture of two panels has both texts."""
    picture, (left, right) = blank(6, 3, panels=(1, 1))
    plots.heat_map(torch.eye(2), ax=left)
    plots.histogram(torch.ones(3), ax=right)
    assert repr(picture) == "Picture: heat map of 2 rows and 2 columns and histogram of values"


def test_a_figure_from_elsewhere_is_refused():
    """Panels belong to pictures of ours."""
    from matplotlib.figure import Figure

    with pytest.raises(ValueError, match="blank"):
        plots.heat_map(torch.eye(2), ax=Figure().subplots())


@pytest.mark.parametrize("colour", COLOURS)
def test_words_in_colour_can_be_read(colour):
    """Each colour of the palette has a contrast of 4.5 with the card."""
    assert contrast(colour, "#FCFBF8") > 4.5


def test_labels_that_overlap_move_apart():
    """Places closer than the gap are moved, and others are not."""
    assert spread([1.0, 1.0, 5.0], 1.0) == pytest.approx([0.5, 1.5, 5.0])


def test_no_pyplot_is_needed():
    """Drawing leaves pyplot alone, so that nothing shows a picture twice."""
    draw = "import sys, torch; from lesson import plots; plots.heat_map(torch.eye(2)).png()"
    code = f"{draw}; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_importing_the_lesson_is_cheap():
    """The package alone loads no matplotlib."""
    code = "import sys, lesson; print('matplotlib' in sys.modules, 'torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False False\n"
