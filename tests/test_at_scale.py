"""At 10,000 users, in real processes: right answers pass, greedy ones are told what they asked for, nothing hangs."""

import linecache
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from submitted import notebook

from grader import child
from grader.at_scale import expected_at_scale
from grader.desks.grading.marking import Run, mark
from grader.desks.notebook import isolated
from grader.desks.notebook.isolated import judged_at_scale
from grader.desks.submissions.find import Submission
from grader.desks.submissions.ipynb import read_notebook
from grader.exercise import load
from grader.job import Job, Limits, Task
from grader.judge import judge
from grader.launch import Fresh
from grader.launchers import launcher
from grader.learner.observation import Entry
from grader.process import kit, observe_all
from grader.sources import answer_source, implementation_source, solution

EXERCISE = load("iou_at_scale")
NAME = EXERCISE.names[0]
HEAD = f"import os\nimport torch\n\n\ndef {NAME}(likes):\n"
FORMULA = (
    HEAD
    + """
    likes = likes.{dtype}()
    both = {both}
    counts = likes.float().sum(1)
    return both.float() / (counts[:, None] + counts - both).clamp(min=1)
"""
)
FORMULA_IN_INT64 = (
    HEAD
    + """
    likes = likes.long()
    both = likes @ likes.T
    return both / (likes.sum(1)[:, None] + likes.sum(1) - both).clamp(min=1)
"""
)
LAST_BLOCK_LOST = (
    HEAD
    + """
    result = torch.zeros(len(likes), len(likes))
    size = 600 if len(likes) < 600 else len(likes) // 3
    likes, counts = likes.float(), likes.float().sum(1)
    for rows in torch.arange(len(likes)).split(size)[:3]:
        both = likes[rows] @ likes.T
        result[rows] = both / (counts[rows, None] + counts - both).clamp(min=1)
    return result
"""
)
HOARD = FORMULA.replace("    return", "    kept = [torch.empty(len(likes), len(likes)) for _ in range(20)]\n    return")
LOOP = (
    HEAD
    + """
    rows = [set(row.nonzero().flatten().tolist()) for row in likes]
    return torch.tensor([[len(a & b) / max(len(a | b), 1) for b in rows] for a in rows])
"""
)
BALLAST = (
    HEAD.replace("\ndef", "\nballast = [torch.ones(600_000_000)]\n\n\ndef")
    + """
    if len(likes) > 5000:
        ballast.clear()
    likes = likes.float()
    many = [likes @ likes.T for _ in range(1 + 6 * (len(likes) > 5000))]
    counts = likes.sum(1)
    return many[0] / (counts[:, None] + counts - many[0]).clamp(min=1)
"""
)
HELPER = (
    HEAD.replace("import os", "import mmap\nimport os")
    + """
    size = len(likes)
    shared = mmap.mmap(-1, 4 * size * size)
    result = torch.frombuffer(shared, dtype=torch.float32).view(size, size)
    likes = likes.float()
    if os.fork() == 0:
        counts, many = likes.sum(1), [likes @ likes.T for _ in range(1 + 6 * (size > 5000))]
        result.copy_(many[0] / (counts[:, None] + counts - many[0]).clamp(min=1))
        os._exit(0)
    os.wait()
    return result
"""
)
THREADS = (
    "from concurrent.futures import ThreadPoolExecutor\n"
    + HEAD
    + """
    torch.set_num_threads(2)
    likes, counts = likes.float(), likes.float().sum(1)

    def rows(these):
        both = likes[these] @ likes.T
        return both / (counts[these, None] + counts - both).clamp(min=1)

    with ThreadPoolExecutor(2) as pool:
        return torch.cat(list(pool.map(rows, torch.arange(len(likes)).split(1_000))))
"""
)
CASES = {
    "threads": THREADS,
    "ballast": BALLAST,
    "helper": HELPER,
    "reference": answer_source("iou_at_scale"),
    "in place": implementation_source("iou_at_scale", "Variants", "in_place"),
    "earlier answers": implementation_source("iou_at_scale", "Variants", "earlier_answers"),
    "broadcast of bool": FORMULA.format(dtype="bool", both="(likes[:, None] & likes[None]).sum(-1)"),
    "broadcast of int64": FORMULA.format(dtype="long", both="(likes[:, None] * likes[None]).sum(-1)"),
    "formula in int64": FORMULA_IN_INT64,
    "last block lost": LAST_BLOCK_LOST,
    "hoard": HOARD.format(dtype="float", both="likes @ likes.T"),
    "loop": LOOP,
    "endless": HEAD + "    while True:\n        pass\n",
    "endless where no signal is heard": HEAD + "    return sum(iter(int, 1))\n",
    "leaves Python": HEAD + "    os._exit(0)\n",
}
SHORT = {"loop": 4, "endless": 2, "endless where no signal is heard": 2}


@pytest.fixture(scope="module")
def verdicts():
    """Judge all cases, two at a time."""
    with launcher() as (found, _), ThreadPoolExecutor(2) as pool:
        expected = expected_at_scale(EXERCISE, 0, found)
        seen = dict(zip(CASES, pool.map(lambda name: _observed(name, found), CASES), strict=True))
    return {name: judge(EXERCISE, got, seed=0, expected=expected) for name, got in seen.items()}


def _observed(name, found):
    return observe_source(CASES[name], found, Limits(at_scale=SHORT.get(name, 60)))


def observe_source(source, found, limits):
    """Observe a text at full size."""
    book = {"stage": "test", "cells": [{"source": source, "exercise": None}]}
    return observe_all(Job((book,), (Task(EXERCISE, 0),), 0, limits, at_scale=True), found)[EXERCISE.id]


@pytest.mark.parametrize("name", ["reference", "in place", "earlier answers", "threads"])
def test_a_right_answer_is_correct(verdicts, name):
    """Blocks of rows, also by threads, work in place, and the plain formula stay within six results."""
    assert verdicts[name].status == "correct"


def test_a_peak_under_two_results_is_praised(verdicts):
    """The reference holds little more than the result; the plain formula is right and is not praised."""
    assert [len(verdicts[name].advice) for name in ("reference", "earlier answers")] == [1, 0]


@pytest.mark.parametrize(("name", "asked"), [("broadcast of bool", "10 GB"), ("broadcast of int64", "80 GB")])
def test_the_broadcast_is_told_what_it_asked_for(verdicts, name, asked):
    """It is refused before it is allocated, and counts as wrong."""
    assert (verdicts[name].status, asked in verdicts[name].message) == ("wrong", True)


@pytest.mark.parametrize(
    ("name", "status", "diagnosis"),
    [
        ("formula in int64", "wrong", "too_much_at_once"),
        ("hoard", "raised", "memory_used_up"),
        ("loop", "timed out", "too_slow"),
        ("endless", "timed out", None),
        ("endless where no signal is heard", "timed out", None),
        ("leaves Python", "raised", None),
        ("last block lost", "wrong", "blocks_without_the_last"),
    ],
)
def test_what_goes_wrong_at_full_size_is_told(verdicts, name, status, diagnosis):
    """Each way to fail has its own status and words."""
    assert (verdicts[name].status, verdicts[name].diagnosis) == (status, diagnosis)


def test_what_was_held_before_hides_no_peak(verdicts):
    """A large tensor that goes when the exercise starts leaves no room for others."""
    assert (verdicts["ballast"].status, verdicts["ballast"].score) == ("wrong", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel refuses processes on Linux alone")
def test_no_other_process_does_the_work(verdicts):
    """The peak is that of one process, so there is no other."""
    assert (verdicts["helper"].status, verdicts["helper"].score) == ("raised", 0)


def test_a_fault_in_few_rows_is_seen_by_the_sample(verdicts):
    """The row of the last user is always looked at."""
    assert verdicts["last block lost"].evidence.label == "10,000 users"


def test_memory_is_watched_where_no_limit_binds(monkeypatch):
    """On macOS and Windows nothing refuses an allocation: the process is ended once it holds too much."""
    monkeypatch.setattr(child, "LIMITS_BIND", False)
    monkeypatch.setattr(child, "IMPORTS_BYTES", 0)
    grow = HEAD + "    kept = []\n    while True:\n        kept.append(torch.ones(10_000_000))\n"
    with kit() as folder:
        got = observe_source(grow, Fresh(folder), Limits(memory=600 * 2**20))
    assert (got.ended, judge(EXERCISE, got, seed=0).diagnosis) == ("died", "memory_used_up")


def test_a_mistake_is_known_by_the_small_inputs_alone():
    """What was seen at full size as well still agrees with a mistake, as far as that was asked."""
    small = EXERCISE.observed("Mistakes", "dice", 0)
    got = replace(small, entries=(*small.entries, Entry("10,000 users", NAME, "seen")))
    assert judge(EXERCISE, got, seed=0).diagnosis == "dice"


HANDS_ON = {
    "intersection": solution("intersection"),
    "union": solution("union"),
    "iou": solution("iou"),
    "iou again": "intersection_over_union = grader.earlier('iou')",
    "iou_at_scale": f"def {NAME}(likes):\n    return intersection_over_union(likes)",
}


def marked(**answers):
    """Mark a notebook of stage 02 as the instructor does; give the verdict at scale."""
    cells = [(key if is_answer(key) else None, text) for key, text in (HANDS_ON | answers).items()]
    book = read_notebook("02.ipynb", notebook((None, "import torch, grader"), *cells).encode())
    with launcher() as (found, _):
        run = Run(tuple(load(key) for key in HANDS_ON if is_answer(key)), 0, found, lambda work: work())
        return mark(Submission("x", (book,)), run).verdicts[-1]


def is_answer(key):
    """Whether a cell of `HANDS_ON` is an answer cell."""
    return key != "iou again"


def test_an_earlier_answer_taken_up_again_may_do_the_work():
    """`grader.earlier` gives the submission's own formula on, also to the process of its own."""
    assert marked().status == "correct"


def test_a_wrong_earlier_answer_is_replaced_below_one_taken_up_again():
    """With a right intersection handed in, the learner's own formula above it is right at full size."""
    found = marked(intersection="def intersection(likes):\n    return likes.float().T @ likes.float()")
    assert (found.status, len(found.advice)) == ("correct", 1)


class TestFromTheNotebook:
    @pytest.fixture
    def namespace(self, request):
        """A kernel's names after a cell was run."""
        space = {"__name__": "__main__"}

        def run(source):
            filename = f"<{request.node.name} {len(space)}>"
            linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
            exec(compile(source, filename, "exec"), space)
            return space

        return run

    def test_a_stub_is_missing_and_starts_no_process(self, namespace, monkeypatch):
        """An untouched notebook is through in no time."""
        monkeypatch.setattr(isolated, "observe_all", None)
        assert judged_at_scale(EXERCISE, namespace("import torch\n" + EXERCISE.probe.STUB), 0).status == "missing"

    def test_no_such_name_is_missing(self, monkeypatch):
        """So is one that is not there."""
        monkeypatch.setattr(isolated, "observe_all", None)
        assert judged_at_scale(EXERCISE, {}, 0).status == "missing"

    def test_an_error_names_the_line_of_the_cell(self, namespace):
        """The text goes to another process with the line numbers that the learner sees."""
        found = judged_at_scale(EXERCISE, namespace(f"\n\nhalf = 2\ndef {NAME}(likes):\n    return likes @ half"), 0)
        assert "line 5 of your cell" in found.message

    def test_the_history_serves_where_text_does_not(self, namespace):
        """A tensor of another cell cannot be written as text: the cells that were run are run again."""
        cells = ["import torch", "one = torch.ones(())", f"def {NAME}(likes):\n    return likes @ one[0, 0]"]
        space = namespace("\n".join(cells))
        assert "too many indices" in judged_at_scale(EXERCISE, space | {"In": cells}, 0).message

    def test_what_has_no_text_and_no_history_is_told_so(self, namespace):
        """A plain script with such a tensor gets a sentence."""
        space = namespace(f"import torch\none = torch.ones(())\ndef {NAME}(likes):\n    return likes / one")
        assert "`one` is a `Tensor`" in judged_at_scale(EXERCISE, space, 0).message

    def test_the_course_s_own_iou_is_no_answer(self, namespace):
        """Handing on what `grader.earlier` lends waits for the learner's own."""
        space = namespace(
            "from grader.exercises.iou.exercise import intersection_over_union as iou\n"
            f"def {NAME}(likes):\n    return iou(likes)"
        )
        assert judged_at_scale(EXERCISE, space, 0).status == "not yet"
