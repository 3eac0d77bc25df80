"""The benchmarks name all that they measure and all that they leave out; their form is tested, and never a time."""

from types import SimpleNamespace

import pytest

from tests.benchmarks import __main__ as command
from tests.benchmarks import check, epoch, exercises, forks, grading, imports, iou, live, measure, pairs
from tests.benchmarks.plot import draw, sizes
from tests.benchmarks.table import Report, Row, Target, head, markdown, page, rich_table, seconds, spread

EXPECTED = {
    "iou": set(iou.WAYS),
    "pairs": set(pairs.WAYS),
    "epoch": set(epoch.WAYS),
    "check": {"warm_up, correct", "warm_up, wrong"},
    "import": set(imports.WAYS),
    "live": set(live.WAYS),
    "forks": set(forks.WAYS),
    "notebooks": {"00_start_here", "all"},
    "grading": set(grading.WAYS),
    "exercises": {"warm_up", "first_autoencoder", exercises.ALL},
}
TWO_SIZES = Report("a", "A", ("time",), [Row("one", {"time": "1 s"}, 1.0, size) for size in (10, 20)], "seconds")
ONE_SIZE = Report("b", "B", ("time",), [Row("one", {"time": "1 s"}, 1.0), Row("two", note="left out")], "seconds")


@pytest.fixture(scope="module", params=command.BENCHMARKS)
def report(request):
    """Run each benchmark at its tiny size, once for all tests."""
    return command.BENCHMARKS[request.param](measure.QUICK)


def test_every_way_has_a_row(report):
    """What is measured is named, and so is what cannot be."""
    assert {row.way for row in report.rows} == EXPECTED[report.name]


def test_a_row_has_every_figure_or_says_why_not(report):
    """No cell is empty by an oversight."""
    columns = set(report.columns)
    assert all(row.note if not row.cells else row.cells.keys() == columns for row in report.rows)


def test_a_table_has_as_many_cells_in_each_line(report):
    """Head, rule and rows of the Markdown table agree, and those of the terminal's table with them."""
    lines = [line for line in markdown(report).splitlines() if line.startswith("|")]
    assert {line.count("|") - 1 for line in lines} == {len(head(report))} == {len(rich_table(report).columns)}


def test_the_usual_run_leaves_the_long_ones_out():
    """They take minutes, and are run by their name."""
    assert set(command.BENCHMARKS) - set(command.USUAL) == {"notebooks", "grading", "exercises"}


@pytest.mark.parametrize("way", iou.PACKAGES)
def test_a_missing_rival_is_named(way, monkeypatch):
    """Its row says how to get it; it is never left out in silence."""
    monkeypatch.setattr(measure, "find_spec", lambda package: None)
    assert iou.excuse(way, 100) == f"not installed: pip install {iou.PACKAGES[way][1]}"


@pytest.mark.parametrize("way", [iou.PDIST, iou.SCIKIT])
def test_a_slow_rival_is_not_run_on_the_largest(way, monkeypatch):
    """Its row says so in place of a figure that nobody measured."""
    monkeypatch.setattr(measure, "find_spec", lambda package: package)
    monkeypatch.setattr(iou.psutil, "virtual_memory", lambda: SimpleNamespace(available=1e12))
    assert [iou.excuse(way, size)[:7] for size in (10_000, 20_000)] == ["", "not run"]


def test_what_does_not_fit_is_not_run(monkeypatch):
    """Its row says how much it needs and how much is free."""
    monkeypatch.setattr(iou.psutil, "virtual_memory", lambda: SimpleNamespace(available=2e9))
    assert iou.excuse(iou.PLAIN, 20_000) == "not run: needs about 7.2 GB, and 2.0 GB are free"


def test_a_matrix_of_all_pairs_is_the_reason():
    """Beyond 10,000 users the literal data set is not run."""
    assert pairs.excuse(pairs.LITERAL, 100_000) == "not run: its two matrices of all pairs take 80 GB"


def test_the_ways_run_in_turn():
    """A round runs each once, and one that has taken enough drops out."""
    order = []
    child = SimpleNamespace(run=lambda way: order.append(way) or {"spent": 3 if way == "slow" else 1})
    measure.in_turn({"slow": child, "fast": child}, measure.Plan(rounds=3, enough=5))
    assert order == ["slow", "fast", "slow", "fast", "fast"]


def test_a_process_that_ends_early_is_an_error():
    """Nothing is measured by halves."""
    with pytest.raises(RuntimeError, match="ended with 1"):
        measure.Child("tests.benchmarks.no_such_module", 1, [])


def test_a_check_that_says_something_else_is_an_error(monkeypatch):
    """Only the call that is named is timed."""
    monkeypatch.setattr(check, "right", check.wrong)
    with pytest.raises(RuntimeError, match="expected to be correct, but is wrong"):
        check.call("warm_up", "correct", None)()


def test_the_machine_is_named():
    """The page starts with it."""
    assert "torch" in page([]).splitlines()[2]


@pytest.mark.parametrize(("met", "word"), [(True, "met"), (False, "MISSED")])
def test_a_target_says_whether_it_is_met(met, word):
    """In a word, beside its figure."""
    assert str(Target("twice as fast", "3 times", met)) == f"twice as fast: 3 times, {word}"


@pytest.mark.parametrize(
    ("value", "text"),
    [(12.34, "12.3 s"), (0.1234, "123 ms"), (0.00123, "1.23 ms"), (1.5e-6, "1.50 µs")],
)
def test_a_time_is_given_in_a_unit_that_fits(value, text):
    """Three digits suffice."""
    assert seconds(value) == text


def test_the_spread_of_one_run_is_that_run():
    """Least and most are the same."""
    assert spread([0.5]) == "500 ms – 500 ms"


@pytest.mark.parametrize(("report", "found"), [(TWO_SIZES, [10, 20]), (ONE_SIZE, [])], ids=["lines", "bars"])
def test_lines_are_drawn_where_there_are_sizes(report, found):
    """Bars are, where there is none."""
    assert sizes(report) == found


def test_both_kinds_of_panel_are_drawn(tmp_path):
    """What was left out does no harm."""
    draw([TWO_SIZES, ONE_SIZE], tmp_path / "picture.svg")
    assert "</svg>" in (tmp_path / "picture.svg").read_text(encoding="utf-8")


def test_a_named_folder_gets_table_and_picture(tmp_path, monkeypatch):
    """Only what was asked for is measured."""
    monkeypatch.setattr(command, "BENCHMARKS", {"a": lambda plan: TWO_SIZES, "b": None})
    command.main(["a", "--out", str(tmp_path / "new")])
    assert {path.name for path in (tmp_path / "new").iterdir()} == {"benchmarks.md", "benchmarks.svg"}


def test_an_unknown_benchmark_is_refused(capsys):
    """The error names those that there are."""
    with pytest.raises(SystemExit, match="2"):
        command.main(["speed"])
    assert "choose from iou, pairs" in capsys.readouterr().err
