"""The curves of a running training as SVG: in place, told apart without colour, readable."""

import math
import re
from xml.etree import ElementTree

import pytest
from lesson.line_chart import BUCKETS, Frame, chart, thinned, ticks
from lesson.style import CARD, COLOURS, INK, SOFT

TERMS = {"rebuild": [0.7, 0.6, 0.5], "pair": [3.0, 1.0, 0.52]}
ODD = [{}, {"a": []}, {"a": [1.0]}, {"a": [math.nan]}, {"a": [1.0, math.inf, 2.0]}, {"<&>": [1e-9, -1e9]}]
ODD += [{"a": [math.nan] * 999}, {"a": [math.nan, 1.0] * 999}, {"a": [0.0] * 5}, {"a": [], "b": [2.0]}]
SVG = "{http://www.w3.org/2000/svg}"


def texts(*arguments, **more):
    """Give the words of a chart."""
    return [text.text for text in ElementTree.fromstring(chart(*arguments, **more)).iter(f"{SVG}text")]


def contrast(one, two):
    """Give the contrast of two colours, as WCAG 2 has it."""
    channels = [[int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)] for colour in (one, two)]
    linear = [[c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb] for rgb in channels]
    low, high = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in linear)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("lines", ODD)
@pytest.mark.parametrize("floor", [None, ("floor", 0.5)])
def test_whatever_a_run_brings_is_drawn(lines, floor):
    """No value breaks the picture, and no name becomes markup."""
    assert ElementTree.fromstring(chart(lines, 8, floor, "epoch", "loss", "<title>")).tag == f"{SVG}svg"


def test_each_curve_is_named_at_its_end():
    """With its last value."""
    assert {"rebuild 0.5", "pair 0.52", "lazy 0.2"} <= set(texts(TERMS, 8, ("lazy", 0.2)))


def test_curves_differ_without_colour():
    """Each has a dash of its own."""
    dashes = re.findall('stroke-width="2" stroke-dasharray="([^"]*)"', chart({**TERMS, "both": [4.0]}, 8))
    assert len(set(dashes)) == 3


def test_labels_do_not_overlap():
    """Ends that lie close together are moved apart."""
    labels = list(Frame(TERMS, 3, None).labels(TERMS, None))
    places = [float(re.search(r' y="([\d.]+)"', label)[1]) for label in labels]
    assert abs(places[0] - places[1]) >= 14.9


def test_the_axis_goes_to_the_last_step():
    """A run that has just begun shows how far it has to go."""
    assert "20" in texts(TERMS, 20)


@pytest.mark.parametrize("colour", [*COLOURS, INK, SOFT])
def test_words_are_readable_on_the_card(colour):
    """The card is light in both themes, and each text on it has a contrast of 4.5."""
    assert contrast(colour, CARD) >= 4.5


def test_a_long_curve_is_thinned_and_keeps_its_peaks():
    """What is stored does not grow with the number of values, and no outlier is lost."""
    line = [math.sin(step / 300) for step in range(20_000)]
    line[12_345] = 9.0
    kept = thinned(line)
    assert (len(kept) <= 2 * BUCKETS + 1, (12_346, 9.0) in kept, kept[-1][0]) == (True, True, 20_000)


def test_a_gap_is_left_where_a_value_is_no_number():
    """The curve begins anew behind it."""
    line = [1.0, 2.0, math.nan, 1.0, 2.0]
    assert Frame({"a": line}, 5, None).curve(line, INK, "").count("M") == 2


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0.6931, 0.6942, ["0.6935", "0.6940"]),
        (-1, 4, ["-1", "0", "1", "2", "3", "4"]),
        (0, 5e9, ["0", "1e+09", "2e+09", "3e+09", "4e+09", "5e+09"]),
    ],
)
def test_ticks_are_round_numbers(low, high, words):
    """Few, and as short as they can be told apart."""
    assert [word for _, word in ticks(low, high)] == words


def test_steps_are_whole():
    """There is no epoch 1.5."""
    assert [word for _, word in ticks(1, 3, whole=True)] == ["1", "2", "3"]
