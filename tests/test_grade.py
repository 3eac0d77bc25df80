"""The instructor's command, over a class of real submissions in real processes."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import graded
import pytest
from submitted import IMPORT, notebook, similarity

from grader import bubblewrap, course
from grader.__main__ import main
from grader.desks.by_hand.marks import HandMarks
from grader.desks.grading import grade
from grader.desks.grading.class_run import ClassRun, recorded
from grader.desks.grading.marking import Marked, Run, mark
from grader.desks.records import results
from grader.desks.records.last_run import LastRun
from grader.desks.records.record import Records, write
from grader.desks.reports.report import report
from grader.desks.submissions.find import Submission
from grader.desks.submissions.ipynb import read_notebook
from grader.exercise import ids, load
from grader.job import Limits
from grader.launchers import launcher
from grader.verdict import Evidence, Status, Verdict

OVERLAP_TWICE = "def union(likes):\n    c = likes.float().sum(1)\n    return c[:, None] + c\n"
DICE = """def intersection_over_union(likes):
    counts = likes.float().sum(1)
    return 2 * intersection(likes) / (counts[:, None] + counts).clamp(min=1)
"""
BROADCAST = """def intersection_over_union_at_scale(likes):
    likes = likes.bool()
    both = (likes[:, None] & likes[None]).sum(-1)
    either = (likes[:, None] | likes[None]).sum(-1)
    return both / either.clamp(min=1)
"""
CLASS = {
    "ada/deep/02 (1).ipynb": similarity(),
    "=bob.ipynb": similarity(intersection="", union="", iou=""),
    "cy.ipynb": similarity(union=OVERLAP_TWICE),
    "dan.ipynb": "{no json",
    "eve<b>.ipynb": similarity(intersection="def intersection(likes):\n    return undefined\n", iou=DICE),
}
COURSE = [exercise for exercise in course.exercise_ids() if exercise in ids()]


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Grade the class once; give the folder with the results."""
    folder = tmp_path_factory.mktemp("class")
    for name, text in CLASS.items():
        (folder / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "in" / name).write_text(text)
    assert main(["grade", str(folder / "in"), "--out", str(folder / "out"), "--seed", "5", "--jobs", "2"]) == 0
    return folder / "out"


def rows(out):
    """Read the marks: submission -> column -> cell."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        return {row["submission"]: row for row in csv.DictReader(file)}


def outcome(out, submission, exercise):
    """Read one exercise of a submission's JSON file."""
    tree = json.loads((out / f"{submission}.json").read_text(encoding="utf-8"))
    return next(item for item in tree["exercises"] if item["id"] == exercise)


def test_columns(out):
    """The columns are the submission, the exercises in the order taught, and the sums."""
    header = (out / "grades.csv").read_text(encoding="utf-8").split("\n")[0]
    assert header.split(",") == ["submission", *COURSE, "score", "max_score", "bonus"]


def test_a_row_each(out):
    """Every submission has a row, and no name is taken for a formula."""
    assert sorted(rows(out)) == ["'=bob", "ada", "cy", "dan", "eve<b>"]


def test_marks(out):
    """The marks are those of the right answers."""
    marks = {name: int(row["score"]) for name, row in rows(out).items()}
    assert marks == {"'=bob": 0, "ada": 4, "cy": 3, "dan": 0, "eve<b>": 1}


def test_json_form(out):
    """A submission's JSON has exactly the keys of the contract."""
    tree = json.loads((out / "ada.json").read_text(encoding="utf-8"))
    assert list(tree) == ["submission", "score", "max_score", "bonus", "exercises"]


def test_every_exercise_is_listed(out):
    """An unreadable submission lists every exercise too."""
    tree = json.loads((out / "dan.json").read_text(encoding="utf-8"))
    assert {item["id"]: item["status"] for item in tree["exercises"]} == dict.fromkeys(COURSE, "missing")


def test_unreadable_says_why(out):
    """The message of an unreadable submission names the file and the reason."""
    assert outcome(out, "dan", "iou")["message"].startswith("`dan.ipynb` could not be read: it is not JSON")


def test_untouched(out):
    """An untouched stub is missing, not wrong."""
    assert [outcome(out, "=bob", key)["status"] for key in ("intersection", "union", "iou")] == ["missing"] * 3


def test_diagnosis(out):
    """A known mistake is named."""
    assert outcome(out, "cy", "union")["diagnosis"] == "overlap_counted_twice"


def test_follow_through(out):
    """A right answer on a wrong one is right, and the report says with whose help."""
    found = outcome(out, "cy", "iou")
    said = "Judged with the course's own `union`, since yours is not right yet."
    assert (found["status"], found["message"].endswith(said)) == ("correct", True)


def test_follow_through_finds_the_mistake(out):
    """A mistake that an earlier error hides is found with the course's own earlier answer."""
    assert outcome(out, "eve<b>", "iou")["diagnosis"] == "dice"


def test_page_is_escaped(out):
    """A name with markup in it is shown as text."""
    assert "<h1>eve&lt;b&gt;</h1>" in (out / "eve<b>.html").read_text(encoding="utf-8")


def test_page_says_what_came_back(out):
    """A wrong answer's page shows what the code returned."""
    assert "your code returned:" in (out / "cy.html").read_text(encoding="utf-8")


def test_page_of_the_class(out):
    """The class's page leads to every learner's."""
    text = (out / "class.html").read_text(encoding="utf-8")
    assert [name for name in rows(out) if quote(f"{name.removeprefix(chr(39))}.html") not in text] == []


def test_page_names_the_seed(out):
    """The seed that repeats the run stands on the page."""
    assert "seed 5." in (out / "ada.html").read_text(encoding="utf-8")


def test_staff_note(out):
    """The staff reads the traceback that the learner does not."""
    notes = (out / "staff_notes.txt").read_text(encoding="utf-8")
    assert "NameError: name 'undefined' is not defined" in notes.split("## eve<b>")[1]


def test_a_broken_file_is_told(out):
    """A file that cannot be read has a row without points, and its page and the notes for the staff say why."""
    said = [(out / name).read_text(encoding="utf-8") for name in ("dan.html", "staff_notes.txt")]
    why = "could not be read: it is not JSON"
    assert (rows(out)["dan"]["score"], [why in text for text in said]) == ("0", [True, True])


def test_nothing_starts_where_all_is_graded(out, monkeypatch):
    """A class that is graded already is written again without any process for learners' code."""
    monkeypatch.setattr(grade, "launcher", None)
    assert main(["grade", str(out.parent / "in"), "--out", str(out), "--seed", "5"]) == 0


def test_what_an_earlier_run_left(out, tmp_path, monkeypatch, capsys):
    """Look-alikes and pages of an earlier run, which this one does not write again, are told."""
    here = shutil.copytree(out.parent, tmp_path / "here")
    (here / "in" / "dan.ipynb").unlink()
    (here / "out" / "similar.csv").touch()
    monkeypatch.setattr(grade, "launcher", None)
    main(["grade", str(here / "in"), "--out", str(here / "out"), "--seed", "5"])
    said, gone = capsys.readouterr().err, "pages of 1 submission that is not in this run: `dan`"
    assert ("grade with `--similar`" in said, gone in said) == (True, True)


@pytest.mark.parametrize(
    ("names", "merged", "says"),
    [
        (["ada", "bob"], "", "2 texts wait for a mark in "),
        (["ada", "bob"], "submission,exercise,points\nada,essay_contrastive,3\n", "1 text waits for a mark in "),
        ([], "", ""),
    ],
)
def test_texts_that_wait_are_told(tmp_path, names, merged, says):
    """Texts that no person marked count 0 in every gradebook, which is said at the end of a run."""
    folder = graded.graded_class(tmp_path / "out", *map(graded.record, names))
    assert not merged or graded.merge(folder, merged) == 0
    run = SimpleNamespace(out=folder, records=Records(folder), hand=HandMarks(folder))
    said = grade._waiting(run, LastRun(0, submissions=tuple(names)))
    assert (said.startswith(says), "to_mark.csv" in said) == (True, bool(names))


def test_texts_that_wait_are_told_last(out, monkeypatch, capsys):
    """The line on them ends what is printed."""
    monkeypatch.setattr(grade, "_waiting", lambda *_: "Two wait.\n")
    main(["grade", str(out.parent / "in"), "--out", str(out), "--seed", "5"])
    assert capsys.readouterr().out.endswith("Two wait.\n")


def test_a_run_that_cannot_start_leaves_all_as_it_is(out, monkeypatch, capsys):
    """The notes and rosters of the earlier run stay, and it is said what to do."""
    (out / ".grading" / "roster_canvas.csv").write_text("kept")
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda name: None)
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    status = main(["grade", str(out.parent / "in"), "--out", str(out), "--force", "--sandbox", "bwrap"])
    after = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    (out / ".grading" / "roster_canvas.csv").unlink()
    assert (status, after == before, "or with `--sandbox auto`" in capsys.readouterr().err) == (2, True, True)


def test_nothing_else_is_written(out):
    """The results hold two files a submission, the marks, the notes, the class's page, and the folder of records."""
    assert len(list(out.iterdir())) == 2 * len(CLASS) + 4


@pytest.mark.parametrize(
    "arguments",
    [
        ["nowhere", "--out", "out"],
        [".", "--out", "."],
        [".", "--out", "in/out"],
        ["in", "--out", "file"],
        ["in", "--out", "file/x"],
        ["empty", "--out", "out"],
        ["in", "--out", "out", "--jobs", "0"],
        ["in", "--out", "out", "--seed", "-1"],
        *(["in", "--out", "out", "--memory", value] for value in ("inf", "nan", "1e-12", "1e9")),
        *(["in", "--out", "out", "--timeout", value] for value in ("inf", "nan", "0", "1e-9", "1e9")),
        ["file", "--out", "out"],
        ["in", "--out", "out", "--format", "canvas", "--roster", "file"],
        ["in", "--out", "out", "--roster", "roster.csv"],
    ],
)
def test_unusable_arguments(arguments, tmp_path, monkeypatch, capsys):
    """What cannot be used ends with status 2 and one sentence."""
    monkeypatch.chdir(tmp_path)
    for name in ("in/ada.ipynb", "file", "roster.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Student,ID\n" if name == "roster.csv" else "")
    (tmp_path / "empty").mkdir()
    assert (main(["grade", *arguments]), capsys.readouterr().err.count("\n")) == (2, 1)


@pytest.mark.parametrize("arguments", [["grade"], ["grade", "in", "--out", "out", "--jobs", "x"], ["great"], []])
def test_arguments_that_do_not_parse(arguments, capsys):
    """What does not parse ends with status 2 and one sentence as well."""
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert (end.value.code, capsys.readouterr().err.count("\n")) == (2, 1)


def test_only_the_desk_that_is_called():
    """The command's help comes without loading torch."""
    code = "import sys, grader.__main__, atexit; atexit.register(lambda: print('torch' in sys.modules)); "
    code += "grader.__main__.main(['--help'])"
    here = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=here)
    assert done.stdout.split()[-1] == "False"


def test_whoever_reads_may_leave():
    """`python -m grader ... | head` leaves without a traceback."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "grader", "lint", "--seeds", "1", "union"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parent.parent)
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, "")


def marked(*cells, exercises=("intersection", "union", "iou"), name="02.ipynb", limits=None):
    """Mark a notebook of these cells; give exercise -> verdict."""
    submission = Submission("x", (read_notebook(name, notebook(IMPORT, *cells).encode()),))
    with launcher() as (found, _):
        run = Run(tuple(load(key) for key in exercises), 0, found, lambda work: work(), limits or Limits())
        return {verdict.exercise: verdict for verdict in mark(submission, run).verdicts}


RIGHT = "def intersection(likes):\n    likes = likes.float()\n    return likes @ likes.T\n"


def test_a_hanging_cell_is_cut():
    """An endless cell that an exercise needs costs what it defines and nothing else."""
    hanging = "while True:\n    pass\nelse:\n    stuck = 1"
    cells = [(None, hanging), (None, "def union(likes):\n    return stuck"), (None, RIGHT)]
    found = marked(*cells, limits=Limits(cell=1))
    assert [found[key].status for key in ("intersection", "union")] == [Status.CORRECT, Status.RAISED]


def test_a_hanging_answer_is_cut():
    """An endless answer is timed out, and the message names the limit, the line, and what stood there."""
    cell = (None, "def intersection(likes):\n    row = 7\n    while row: pass")
    line = marked(cell, exercises=("intersection",), limits=Limits(exercise=1))["intersection"]
    said = "after 1 s in line 3 of your cell, `while row: pass`, where `row` is 7. Look for a loop that never ends"
    assert (line.status, said in line.message) == (Status.TIMED_OUT, True)


def test_a_cut_is_kept_in_mind():
    """A submission that hit a limit says so, and is graded again under another one."""
    cells = notebook(IMPORT, (None, "def intersection(likes):\n    while True: pass"))
    submission = Submission("x", (read_notebook("02.ipynb", cells.encode()),))
    with launcher() as (found, _):
        limits = Limits(exercise=1)
        assert mark(submission, Run((load("intersection"),), 0, found, lambda work: work(), limits)).limited


def test_an_answer_that_leaves_python():
    """An answer that ends the process costs itself alone."""
    found = marked((None, "import os\ndef union(likes):\n    os._exit(0)"), (None, RIGHT))
    assert [found[key].status for key in ("intersection", "union")] == [Status.CORRECT, Status.RAISED]


def test_a_submission_out_of_time():
    """What was not reached in a submission's time says so."""
    found = marked((None, RIGHT), exercises=("intersection",), limits=Limits(submission=0))
    assert "not reached: the submission took more than 0 s" in found["intersection"].message


@pytest.fixture(scope="module")
def odd():
    """Mark answers that are odd in one way each."""
    wrong = "def intersection(likes):\n    return 1\n"
    return marked(
        ("intersection", wrong),
        (None, RIGHT),
        ("iou", wrong),
        (None, "intersection_over_union = 3"),
        (None, "def union(likes)\n    return 1"),
        (None, "def like_rate(likes=undefined):\n    return 1"),
        exercises=("warm_up", "intersection", "union", "iou"),
    )


def test_last_definition_counts(odd):
    """Of several definitions the last one is judged, but for one in another exercise's answer cell."""
    assert odd["intersection"].status == Status.CORRECT


def test_wrong_kind_of_thing(odd):
    """A name that is bound to something else is wrong, and the message says what it is."""
    assert odd["iou"].message.startswith("`intersection_over_union` is an int, and a function of that name is asked.")


@pytest.mark.parametrize(
    ("exercise", "why"),
    [
        ("union", "SyntaxError: expected ':' (line 1)"),
        ("warm_up", "NameError: name 'undefined' is not defined"),
    ],
)
def test_definition_that_does_not_run(odd, exercise, why):
    """A definition that does not run is missing, with the reason."""
    assert (odd[exercise].status, why in odd[exercise].message) == (Status.MISSING, True)


def test_a_stub_that_raises_is_no_news():
    """The class of stage 01 is given out broken: untouched, it leaves no note for the staff."""
    found = marked(("first_autoencoder", load("first_autoencoder").probe.STUB), exercises=("first_autoencoder",))
    assert (found["first_autoencoder"].status, found["first_autoencoder"].staff_note) == (Status.MISSING, "")


def test_at_scale_alone():
    """An answer that asks for gigabytes is wrong, and refused before they are allocated."""
    found = marked((None, BROADCAST), exercises=("iou_at_scale",))["iou_at_scale"]
    assert (found.status, found.diagnosis) == (Status.WRONG, "one_tensor_too_large")


HIDDEN_BELOW_A_STUB = (
    BROADCAST.replace("intersection_over_union_at_scale", "naive")
    + "\n\ndef intersection_over_union_at_scale(likes):\n    raise NotImplementedError\n"
)


@pytest.mark.parametrize("swap", ["{0} = naive", "{0}.__code__ = naive.__code__"])
def test_what_looks_like_a_stub_is_asked_at_full_size_all_the_same(swap):
    """The text of a stub, and other code put in its place below."""
    source = HIDDEN_BELOW_A_STUB + swap.format("intersection_over_union_at_scale")
    assert marked((None, source), exercises=("iou_at_scale",))["iou_at_scale"].score == 0


def test_a_number_of_thousands_of_digits_breaks_no_submission():
    """Python writes no such number down, and the text is compared with the stub all the same."""
    source = "def union(likes):\n    k=0x" + "f" * 6_000 + "\n    return likes"
    assert marked(("union", source), exercises=("union",))["union"].status is Status.WRONG


def test_a_mark_given_in_the_meantime_stands(out, tmp_path, monkeypatch):
    """Who marks while a class is graded finds his mark in the files of the class."""
    here = shutil.copytree(out.parent, tmp_path / "here")
    (here / "marks.csv").write_text("submission,exercise,points\ndan,warm_up,1\n")
    record_of = ClassRun._record

    def marked_first(run, entry):
        if entry.name == "dan":
            assert main(["mark", str(here / "out"), str(here / "marks.csv")]) == 0
        return record_of(run, entry)

    monkeypatch.setattr(ClassRun, "_record", marked_first)
    main(["grade", str(here / "in"), "--out", str(here / "out"), "--seed", "5"])
    assert rows(here / "out")["dan"]["warm_up"] == "1"


def verdict(**details):
    """Make a verdict on `iou`."""
    return Verdict(**{"exercise": "iou", "status": Status.WRONG, "message": "m", "max_score": 2} | details)


def record(**details):
    """Record one verdict."""
    return recorded(Marked("x", (verdict(**details),)), (load("iou"),))


def page(reveal=False, **details):
    """Write the page of one verdict."""
    return report(record(**details), titles={"iou": "t"}, reveal=reveal)


def test_message_is_escaped():
    """What a learner's code said is shown as text."""
    assert "<script>" not in page(message="`<script>` <script>", advice=("<script>",), diagnosis="<script>")


@pytest.mark.parametrize("reveal", [False, True])
def test_reveal(reveal):
    """Hidden inputs and expected answers are shown on request alone."""
    evidence = Evidence("a case", "f", {"hidden_input": 1}, 2, 3)
    assert ("hidden_input" in page(evidence=evidence, reveal=reveal)) == reveal


def test_advice_is_in_the_json():
    """The JSON's message carries the advice."""
    tree = results.tree(record(advice=("a.", "b.")))
    assert tree["exercises"][0]["message"] == "m a. b."


def test_writing_is_all_or_nothing(tmp_path):
    """A write that fails leaves the old file and nothing beside it."""
    (tmp_path / "x").mkdir()
    with pytest.raises(OSError, match="x"):
        write(tmp_path / "x", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
