"""Processes that outlive the run, and writing to what belongs to others; whatever stays ends by itself."""

from .attack import ESCAPED, HARMED, RESOURCES, Attack


def inside(name: str, tries: str, body: str, earns: int = 0, *, aim: str = RESOURCES, free: bool = False) -> Attack:
    """Make an attack whose `intersection` has this body."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    return Attack(name, aim, tries, (f"def intersection(likes):\n{lines}\n",), earns, free)


ATTACKS = (
    inside(
        "left-behind",
        "a process that leaves its session and outlives it",
        """
if os.fork() == 0:
    leave_session()
    if os.fork() == 0:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        time.sleep(30)
    os._exit(0)
return right(likes)
""",
        1,
        aim=ESCAPED,
        free=True,
    ),
    inside(
        "forks-on",
        "a process that forks whenever its parent ends",
        """
if os.fork() == 0:
    leave_session()
    while goes_on():
        if os.fork():
            os._exit(0)
        time.sleep(0.01)
    os._exit(0)
return right(likes)
""",
        1,
        aim=ESCAPED,
        free=True,
    ),
    inside(
        "another-program",
        "another program, started in a session of its own",
        """
import subprocess
for away in (True, False):
    try:
        subprocess.Popen(["sleep", "31"], start_new_session=away)
    except OSError:
        pass
return right(likes)
""",
        1,
        aim=ESCAPED,
        free=True,
    ),
    inside(
        "answers-twice",
        "a fork that goes on beside it and answers too",
        """
if first_time():
    os.fork()
return right(likes)
""",
        1,
        aim=ESCAPED,
        free=True,
    ),
    inside(
        "writes-the-course",
        "files in the repository",
        """
for folder in ("grader", "grader/exercises/intersection", "notebooks"):
    try:
        open(os.path.join(places["course"], folder, "hostile_was_here"), "w").close()
    except OSError:
        continue
    hole("the course")
return right(likes)
""",
        1,
        aim=HARMED,
    ),
    inside(
        "writes-the-kit",
        "the observer and the probes that the others are asked with",
        """
import learner
kit = os.path.dirname(os.path.dirname(learner.__file__))
for name in ("learner/plain.py", "probes/intersection.py", "new.py"):
    try:
        open(os.path.join(kit, name), "a").close()
    except OSError:
        continue
    hole("the kit")
return right(likes)
""",
        1,
        aim=HARMED,
    ),
    inside(
        "writes-submissions",
        "the work of others",
        """
try:
    open(os.path.join(places["submissions"], "honest.ipynb"), "w").write("{}")
except OSError:
    return right(likes)
hole("another's submission")
""",
        1,
        aim=HARMED,
    ),
    inside(
        "writes-results",
        "the marks",
        """
for name in ("grades.csv", "honest.json", ".grading/honest.record.json"):
    try:
        open(os.path.join(places["results"], name), "a").write("x")
    except OSError:
        continue
    hole("the results")
return right(likes)
""",
        1,
        aim=HARMED,
    ),
    inside(
        "signals-others",
        "signals to whoever else it can see",
        """
seen = [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
if seen and os.getpid() == 1:
    hole("others in its own space: %s" % seen)
return right(likes)
""",
        1,
        aim=HARMED,
    ),
)
