"""Tests of `start.py`: what it reads, when it installs again, and the sentence it has for each trouble."""

import ast
import errno
import subprocess
import sys
from pathlib import Path

import pytest

import start


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Give a folder with the files that decide what is installed, in place of the course's own."""
    (tmp_path / "notebooks/lesson/lab").mkdir(parents=True)
    for name in start.INSTALLED:
        (tmp_path / name).write_text(name)
    monkeypatch.setattr(start, "ROOT", tmp_path)
    monkeypatch.setattr(start, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(start, "STAMP", tmp_path / ".venv" / "installed")
    monkeypatch.setattr(start, "has_pip", lambda: True)
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """Write down what would be run to install, instead of running it."""
    written = []
    monkeypatch.setattr(start, "quietly", lambda command, verbose: written.append(list(command)))
    monkeypatch.setattr(start, "pip_command", lambda: ["pip"])
    return written


def refuse(error):
    """Give a function that raises `error` however it is called."""

    def function(*_, **__):
        raise error

    return function


# The command line


def test_no_option_opens_the_browser():
    """Without an option the course is set up and opened."""
    options = start.parse([])
    assert (options.no_browser, options.setup_only, options.verbose, options.tests) == (False, False, False, None)


def test_test_takes_pytests_options():
    """What stands behind `test` is pytest's, even where it looks like an option of ours."""
    assert start.parse(["--verbose", "test", "-k", "iou", "--verbose"]).tests == ["-k", "iou", "--verbose"]


@pytest.mark.parametrize("word", ["--colour", "tests", "--no-browser=1"])
def test_unknown_options_are_usage_errors(word, capsys):
    """An unknown word ends with exit status 2 and names the word."""
    with pytest.raises(SystemExit, match="2"):
        start.parse([word])
    assert word.split("=")[0] in capsys.readouterr().err


def test_the_file_parses_on_an_older_python():
    """Python 3.8 gets as far as the sentence that it is too old."""
    assert ast.parse(Path(start.__file__).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_old_python_is_named(monkeypatch, capsys):
    """A Python that is too old is told so in one sentence."""
    monkeypatch.setattr(start, "OLDEST", (9, 0))
    assert start.main([]) == 1
    assert capsys.readouterr().out.startswith("The course needs Python 9.0 or newer, and this is 3.")


# The stamp


def test_a_first_run_installs_and_checks(course, commands):
    """A first run installs, then tries the imports."""
    start.set_up(verbose=False)
    assert [command[0] for command in commands] == ["pip", str(start.PYTHON)]


def test_a_second_run_does_nothing(course, commands):
    """What one run finished, the next does not do again."""
    start.set_up(verbose=False)
    commands.clear()
    start.set_up(verbose=False)
    assert commands == []


@pytest.mark.parametrize("name", start.INSTALLED)
def test_changed_requirements_install_again(name, course, commands):
    """A newer course is installed anew."""
    start.set_up(verbose=False)
    commands.clear()
    (course / name).write_text("newer")
    start.set_up(verbose=False)
    assert ["pip"] in commands


def test_an_interrupted_installation_is_taken_up_again(course, commands, monkeypatch):
    """Only an installation that reached its end counts as one."""
    with monkeypatch.context() as context:
        context.setattr(start, "quietly", refuse(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            start.set_up(verbose=False)
    start.set_up(verbose=False)
    assert ["pip"] in commands


def test_a_failed_reinstallation_cancels_the_stamp(course, commands, monkeypatch):
    """Once a newer course failed to install, going back to the older files installs again."""
    start.set_up(verbose=False)
    with monkeypatch.context() as context:
        context.setattr(start, "fingerprint", lambda: "newer")
        context.setattr(start, "quietly", refuse(start.Trouble("offline")))
        with pytest.raises(start.Trouble):
            start.set_up(verbose=False)
    commands.clear()
    start.set_up(verbose=False)
    assert ["pip"] in commands


def test_a_half_made_venv_is_made_again(course, commands, monkeypatch):
    """A `.venv` without pip is cleared and made anew."""
    monkeypatch.setattr(start, "has_pip", lambda: False)
    start.set_up(verbose=False)
    assert commands[0][1:] == ["-m", "venv", "--clear", str(start.VENV)]


def test_another_folder_has_another_fingerprint(course, monkeypatch):
    """A course that was moved is installed again, because its own packages are found by path."""
    before = start.fingerprint()
    monkeypatch.setattr(start, "ROOT", course / ".." / course.name)
    assert start.fingerprint() != before


def test_there_is_no_pip_without_a_venv(monkeypatch, tmp_path):
    """A missing `.venv` is no error."""
    monkeypatch.setattr(start, "PYTHON", tmp_path / "python")
    assert not start.has_pip()


# Where torch comes from


def test_linux_gets_the_small_build():
    """On Linux pip is pointed to torch's own builds for the processor."""
    assert start.torch_index("linux", "global.timeout='60'\n") == [
        "--extra-index-url=https://download.pytorch.org/whl/cpu"
    ]


@pytest.mark.parametrize(
    "line",
    [
        "global.index-url='https://example.org/simple'",
        "global.extra-index-url='https://example.org/simple'",
        "install.find-links='/srv/wheels'",
        ":env:.no-index='1'",
        ":env:.index-url='https://example.org/simple'",
    ],
)
def test_a_configured_pip_is_left_alone(line):
    """Whoever told pip where to look is obeyed, be it by file or by variable."""
    assert start.torch_index("linux", f"global.timeout='60'\n{line}\n") == []


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_need_no_index(system):
    """Elsewhere the default build is the one for the processor."""
    assert start.torch_index(system, "") == []


# Trouble


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "The disk is full"),
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(<...>: Failed to establish a "
            "new connection: [Errno -3] Temporary failure in name resolution')'\n"
            "ERROR: No matching distribution found for torch==2.13.0",
            "The packages could not be fetched",
        ),
        ("Error: [Errno 13] Permission denied: '/usr/share/course/.venv/bin'", "cannot be written to"),
        (
            "ERROR: Could not find a version\nERROR: No matching distribution found for torch==2.13.0",
            "There is no torch",
        ),
        ("[WinError 32] The process cannot access the file: it is being used by another process", "close JupyterLab"),
        ("OSError: [WinError 126] The specified module could not be found. Error loading c10.dll", "Visual C++"),
    ],
)
def test_known_trouble_is_one_sentence(said, sentence):
    """What pip or the system says is turned into what to do."""
    assert sentence in start.explain(said)
    assert "\n" not in start.explain(said)


def test_unknown_trouble_shows_the_last_lines():
    """An unknown error is shown by its end, not by all that came before."""
    assert start.explain("\n".join(map(str, range(100)))) == "\n".join(map(str, range(91, 100)))


def test_a_missing_venv_module_is_named(monkeypatch):
    """On a Debian without python3-venv the package to install is named."""
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(start.Trouble, match="sudo apt install python3-venv"):
        start.check_machine()


def test_a_nearly_full_disk_is_told_before_anything_is_fetched(monkeypatch):
    """How much is free and how much is needed stands in the sentence."""
    monkeypatch.setattr(start, "NEEDED_GB", 1e9)
    with pytest.raises(start.Trouble, match=r"The disk has .* GB free: make room for"):
        start.check_machine()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.EROFS, "Read-only file system"), "cannot be written to"),
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full"),
        (start.Trouble("Python's venv module is missing."), "venv module is missing"),
    ],
)
def test_errors_end_in_a_sentence(error, sentence, monkeypatch, capsys):
    """An error ends with exit status 1 and a sentence, never with a traceback."""
    monkeypatch.setattr(start, "set_up", refuse(error))
    assert start.main([]) == 1
    assert sentence in capsys.readouterr().out


def test_ctrl_c_is_quiet(monkeypatch, capsys):
    """Ctrl-C ends with exit status 130 and says nothing."""
    monkeypatch.setattr(start, "set_up", refuse(KeyboardInterrupt))
    assert start.main([]) == 130
    assert capsys.readouterr().out == ""


def test_a_quiet_command_says_nothing(capsys):
    """What pip prints is not shown while all goes well."""
    start.quietly([sys.executable, "-c", "print('Collecting torch')"], verbose=False)
    assert capsys.readouterr().out == ""


def test_a_failing_command_is_quoted():
    """What a failing command printed is in the error."""
    with pytest.raises(start.Trouble, match="odd wheel"):
        start.quietly([sys.executable, "-c", "raise SystemExit('odd wheel')"], verbose=False)


# JupyterLab and the tests


def test_lab_opens_the_first_notebook_with_the_whole_course_in_reach():
    """The course is the server's root, so that pictures and solutions can be opened too."""
    command = start.lab_command(no_browser=True)
    assert f"--ServerApp.root_dir={start.ROOT}" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command


def test_the_browser_opens_unless_told_not_to():
    """`--no-browser` is handed on to JupyterLab."""
    assert "--no-browser" in start.lab_command(True)
    assert "--no-browser" not in start.lab_command(False)


def test_there_are_four_stages_of_tests():
    """The browser's alone, all others, the solved notebooks exactly and the learner's notebooks laxly."""
    assert [options[:2] for options in start.stages([]).values()] == [
        ["tests/browser"],
        ["tests", "--ignore=tests/browser"],
        ["--nbval", "solutions"],
        ["--nbval-lax", "notebooks"],
    ]


def test_options_reach_every_stage():
    """`test -k iou` chooses in each stage."""
    assert all(options[-2:] == ["-k", "iou"] for options in start.stages(["-k", "iou"]).values())


def test_a_named_file_is_the_only_stage():
    """`test tests/test_start.py` runs that file."""
    assert list(start.stages(["tests/test_start.py::test_x", "-x"]).values()) == [["tests/test_start.py::test_x", "-x"]]


@pytest.mark.parametrize(
    ("codes", "arguments", "status"),
    [
        ([0, 0, 0, 0], [], 0),
        ([0, 1, 0, 0], [], 1),
        ([0, 5, 0, 0], [], 1),
        ([5, 0, 5, 5], ["-k", "iou"], 0),
        ([2, 0, 0, 0], [], 1),
    ],
)
def test_the_status_is_zero_only_if_all_passed(codes, arguments, status, monkeypatch, capsys):
    """One failed or empty stage fails the run; where tests were chosen, a stage may have none of them."""
    left = iter(codes)
    monkeypatch.setattr(start, "call", lambda command: next(left))
    assert start.run_tests(arguments) == status


def test_each_stage_has_a_line_with_its_seconds(monkeypatch, capsys):
    """After each stage stands how it went and how long it took."""
    monkeypatch.setattr(start, "call", lambda command: int("--nbval" in command))
    start.run_tests([])
    assert capsys.readouterr().out.splitlines() == [
        "browser tests: passed in 0 s",
        "tests: passed in 0 s",
        "solved notebooks: FAILED in 0 s",
        "learner's notebooks: passed in 0 s",
        "3 of 4 stages passed",
    ]


def test_help_shows_both_commands():
    """`--help` names the set-up and the tests."""
    shown = subprocess.run([sys.executable, start.__file__, "--help"], capture_output=True, check=True).stdout
    assert b"start.py [--verbose] test [pytest arguments]" in shown
