"""Curves as a small SVG, drawn in milliseconds: what a training run shows while it lasts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import cycle

from lesson.panels import spread
from lesson.style import CARD, COLOURS, EDGE, INK, LINE, SOFT

WIDTH, HEIGHT = 595, 298
LEFT, TOP, BOTTOM = 66, 40, 252
LETTER = 6.8
"""Pixels that a letter of a label takes."""
BUCKETS = 120
"""A longer curve is drawn by the least and the most value of as many stretches."""
DASHES = ("", "7 3", "2 2.5", "10 3 2 3", "14 4", "4 2 2 2 2 2")
HALO = f'paint-order="stroke" stroke="{CARD}" stroke-width="3"'
FONT = "DejaVu Sans,Verdana,Arial,sans-serif"
Lines = Mapping[str, Sequence[float]]
Floor = tuple[str, float] | None


def chart(lines: Lines, last: int, floor: Floor = None, xlabel: str = "", ylabel: str = "", title: str = "") -> str:
    """Draw one curve for each name over 1, 2, ..., on a light card; the axis goes to `last` or to the longest curve.

    Curves are told apart by dashes and by the names at their ends. `floor` is a thin line with a name.
    """
    frame = Frame(lines, last, floor)
    curves = zip(lines.values(), cycle(COLOURS), cycle(DASHES), strict=False)
    parts = [
        f'<rect x="1" y="1" width="{WIDTH - 2}" height="{HEIGHT - 2}" rx="10" fill="{CARD}" stroke="{EDGE}"/>',
        *frame.axes(),
        _text(LEFT, TOP - 17, title, INK, 'font-weight="bold" font-size="14"'),
        _text(frame.right, HEIGHT - 14, xlabel, SOFT, 'text-anchor="end"'),
        _text(14, TOP + 4, ylabel, SOFT, f'text-anchor="end" transform="rotate(-90 14 {TOP + 4})"'),
        *(frame.level(floor[1]) if floor else ()),
        *(frame.curve(line, colour, dash) for line, colour, dash in curves),
        *frame.labels(lines, floor),
    ]
    size = f'width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"'
    look = f'font-family="{FONT}" font-size="12.5"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {look}>{"".join(parts)}</svg>'


class Frame:
    """Where numbers lie on the card."""

    def __init__(self, lines: Lines, last: int, floor: Floor) -> None:
        """Leave room at the right for the longest label, and above and below the values."""
        numbers = [finite(line) for line in lines.values()]
        ends = [end for line in numbers if line for end in (min(line), max(line))] + ([floor[1]] if floor else [])
        low, high = min(ends, default=0.0), max(ends, default=1.0)
        pad = 0.06 * (high - low) or 0.06 * abs(high) or 0.5
        self.low, self.high = low - pad, high + pad
        self.last = max(last, 2, *map(len, lines.values()))
        longest = max((len(text) for text in _ends(lines, floor)), default=0)
        self.right = WIDTH - 20 - min(LETTER * longest, 230)

    def x(self, step: float) -> float:
        """Give the place of a step, counted from 1."""
        return LEFT + (step - 1) / (self.last - 1) * (self.right - LEFT)

    def y(self, value: float) -> float:
        """Give the place of a value."""
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def axes(self) -> Iterator[str]:
        """Draw a line across for each number at the left, and the numbers below."""
        for value, words in ticks(self.low, self.high):
            place = self.y(value)
            yield f'<path d="M{LEFT} {place:.1f}H{self.right:.1f}" stroke="{LINE}"/>'
            yield _text(LEFT - 7, place + 4, words, SOFT, 'text-anchor="end"')
        for value, words in ticks(1, self.last, whole=True):
            yield _text(self.x(value), BOTTOM + 17, words, SOFT, 'text-anchor="middle"')
        yield f'<path d="M{LEFT} {TOP}V{BOTTOM}H{self.right:.1f}" fill="none" stroke="{SOFT}"/>'

    def level(self, value: float) -> Iterator[str]:
        """Draw the floor."""
        yield f'<path d="M{LEFT} {self.y(value):.1f}H{self.right:.1f}" stroke="{SOFT}" stroke-dasharray="1 3"/>'

    def curve(self, line: Sequence[float], colour: str, dash: str) -> str:
        """Draw a curve, with a gap where a value is no number, and a dot at its end."""
        pen, steps = "M", []
        for step, value in thinned(line):
            steps.append(f"{pen}{self.x(step):.1f} {self.y(value):.1f}" if math.isfinite(value) else "")
            pen = "L" if steps[-1] else "M"
        end = _end(line)
        dot = f'<circle cx="{self.x(end[0]):.1f}" cy="{self.y(end[1]):.1f}" r="3" fill="{colour}"/>' if end else ""
        look = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        return f'<path d="{"".join(steps)}" {look}/>{dot}'

    def labels(self, lines: Lines, floor: Floor) -> Iterator[str]:
        """Write the names beside the ends, moved apart where they would overlap."""
        ends = [_end(line) or (1, self.low) for line in lines.values()] + ([(self.last, floor[1])] if floor else [])
        colours = [*(colour for _, colour in zip(lines, cycle(COLOURS), strict=False)), SOFT]
        places = spread([self.y(value) for _, value in ends], 15)
        for (step, _), place, words, colour in zip(ends, places, _ends(lines, floor), colours, strict=False):
            yield _text(self.x(step) + 8, place + 4, words, colour, HALO)


def ticks(low: float, high: float, whole: bool = False) -> list[tuple[float, str]]:
    """Give a few round numbers between two, each with its words."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough * 0.999)
    step = max(step, 1.0) if whole else step
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    form = f".{places}f" if places < 7 and max(abs(low), abs(high)) < 1e6 else ".3g"
    return [(step * i, format(step * i + 0.0, form)) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def thinned(line: Sequence[float]) -> list[tuple[int, float]]:
    """Give the (step, value) pairs of a curve that are drawn: of each stretch of a long one its least and its most."""
    if len(line) <= 2 * BUCKETS:
        return list(enumerate(line, 1))
    size, kept = math.ceil(len(line) / BUCKETS), []
    for start in range(0, len(line), size):
        stretch = line[start : start + size]
        numbers = finite(stretch) or stretch[:1]
        kept += sorted({(start + stretch.index(value) + 1, value) for value in (min(numbers), max(numbers))})
    return [*kept, (len(line), line[-1])]


def finite(line: Sequence[float]) -> Sequence[float]:
    """Give the values that are numbers; the sum of the usual line says quickly that all are."""
    return line if math.isfinite(sum(line)) else [value for value in line if math.isfinite(value)]


def _end(line: Sequence[float]) -> tuple[int, float] | None:
    """Give the last step whose value is a number."""
    steps = range(len(line), 0, -1)
    return next(((step, line[step - 1]) for step in steps if math.isfinite(line[step - 1])), None)


def _ends(lines: Lines, floor: Floor) -> list[str]:
    """Give what stands at the end of each curve, and of the floor."""
    named = [f"{name} {line[-1]:.4g}" if len(line) else name for name, line in lines.items()]
    return [*named, f"{floor[0]} {floor[1]:.3g}"] if floor else named


def _text(x: float, y: float, words: str, colour: str, more: str = "") -> str:
    clean = "".join(letter for letter in words if letter.isprintable())
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" {more}>{escape(clean)}</text>' if clean else ""
