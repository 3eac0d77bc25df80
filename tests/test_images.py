"""Each picture of the course has words, stands on its own, and keeps its text inside its frame."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextPath

ROOT = Path(__file__).parents[1]
PICTURES = sorted((ROOT / "images").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"

every_picture = pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)


PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "notebooks/masters").glob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *sorted((ROOT / "solutions").glob("*.ipynb")),
]


def texts(path: Path) -> list[str]:
    """Return what a page shows: its text, or a notebook's texts and the HTML of its outputs."""
    source = path.read_text("utf-8")
    if path.suffix == ".md":
        return [source]
    cells = json.loads(source)["cells"]
    shown = [output.get("data", {}).get("text/html", "") for cell in cells for output in cell.get("outputs", ())]
    return ["".join(text) for text in shown] + ["".join(c["source"]) for c in cells if c["cell_type"] == "markdown"]


def shown_on(path: Path) -> list[tuple[str, str]]:
    """Return the pictures of a page, each as its words and its address."""
    text = "\n".join(texts(path))
    tags = [(word(tag, "alt"), word(tag, "src")) for tag in re.findall(r"<img\b[^>]*>", text)]
    return re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", text) + tags


def word(tag: str, name: str) -> str:
    """Return an attribute of a tag, empty where it has none."""
    found = re.search(rf"""\b{name}=(["'])(.*?)\1""", tag, re.S)
    return found[2] if found else ""


def words(path: Path, name: str) -> str:
    """Return the text of the first element of that name."""
    return ElementTree.parse(path).getroot().findtext(f"{SVG}{name}") or ""


def width(text: str, size: float) -> float:
    """Return how wide a text is in the widest font of the stack."""
    bold = FontProperties(family="DejaVu Sans", weight="bold")
    return TextPath((0, 0), text, size=size, prop=bold).get_extents().width


def overflow(path: Path) -> list[str]:
    """Return the texts that leave their picture."""
    root, source = ElementTree.parse(path).getroot(), path.read_text("utf-8")
    sizes = {name: float(size) for name, size in re.findall(r"\.(\w) \{ font-size: ([\d.]+)px", source)}
    far = []
    for text in root.iter(f"{SVG}text"):
        length = width(text.text, sizes[text.get("class")])
        start = float(text.get("x")) - length * {"middle": 0.5, "end": 1}.get(text.get("text-anchor"), 0)
        if start < 0 or start + length > float(root.get("width")) or float(text.get("y")) > float(root.get("height")):
            far.append(text.text)
    return far


def test_there_are_pictures():
    """The folder is found."""
    assert len(PICTURES) >= 13


@every_picture
def test_a_title_says_what_it_is(path):
    """Screen readers name the picture by its title."""
    assert 5 < len(words(path, "title")) < 80


@every_picture
def test_a_description_tells_what_it_shows(path):
    """Whoever does not see the picture can read it."""
    assert len(words(path, "desc")) > 80


@every_picture
def test_the_words_are_tied_to_the_picture(path):
    """The picture is one image, named by its title and its description."""
    root = ElementTree.parse(path).getroot()
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "title desc")


@every_picture
def test_the_frame_is_the_size(path):
    """Width, height and view box agree, so that nothing is stretched."""
    root = ElementTree.parse(path).getroot()
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"


@every_picture
def test_nothing_comes_from_elsewhere(path):
    """A picture loads no font, no image and no script."""
    source = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.findall(r"https?:|@import|<script|<image|href|url\((?!#)", source)


@every_picture
def test_a_card_makes_it_readable_in_both_themes(path):
    """The first shape is a light card over the whole picture."""
    card = next(ElementTree.parse(path).getroot().iter(f"{SVG}rect"))
    assert card.get("fill") == "#FCFBF8"


@every_picture
def test_no_text_leaves_its_picture(path):
    """Even the widest font of the stack stays inside the frame."""
    assert overflow(path) == []


@every_picture
def test_ids_are_used_once(path):
    """No two elements share a name."""
    names = [element.get("id") for element in ElementTree.parse(path).getroot().iter() if element.get("id")]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_picture_on_a_page_has_words(path):
    """Whoever reads by ear is told what each picture shows, in the README, the lessons and their outputs."""
    assert [address[:80] for alt, address in shown_on(path) if len(alt) < 20] == []


def test_every_picture_is_used():
    """No picture lies about that no page shows."""
    used = {Path(address).name for page in PAGES for _, address in shown_on(page) if "images/" in address}
    assert {path.name for path in (ROOT / "images").iterdir()} - used == set()
