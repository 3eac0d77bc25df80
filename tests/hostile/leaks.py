"""Answers, hidden inputs and the instructor's things, looked for wherever a process may look."""

from .attack import LEAKED, RIGHT, Attack


def look(name: str, tries: str, body: str, *, earns: int = 1, free: bool = False) -> Attack:
    """Make an attack that looks around before it answers rightly; what it finds it says aloud."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    code = f"def look():\n{lines}\n\ndef intersection(likes):\n    look()\n    return right(likes)\n"
    return Attack(name, LEAKED, tries, (code,), earns, free)


READ = """
def readable(*paths):
    for path in paths:
        try:
            with open(path, "rb") as file:
                if file.read(1):
                    hole(str(path))
        except OSError:
            pass
"""


ATTACKS = (
    look(
        "reads-the-course",
        "the answers, in the repository",
        READ
        + """
folder = places["course"]
readable(*(os.path.join(folder, "grader", "exercises", key, "exercise.py") for key in ("intersection", "iou")))
readable(os.path.join(folder, "solutions", "02_intersection_over_union.ipynb"))
""",
    ),
    look(
        "finds-the-course",
        "the answers, wherever Python finds packages",
        READ
        + """
import site
roots = [*sys.path, *site.getsitepackages(), site.getusersitepackages()]
readable(*(os.path.join(root, "grader", "exercises", "iou", "exercise.py") for root in roots))
readable(*(os.path.join(root, "ladder", "__init__.py") for root in roots))
""",
    ),
    look(
        "imports-the-judge",
        "the judge and the answers, by import",
        """
import importlib
for name in ("grader.judge", "grader.exercises.iou.exercise", "grader.sources", "exercises.iou.exercise", "ladder"):
    try:
        importlib.import_module(name)
    except Exception:
        continue
    hole(name)
""",
        free=True,
    ),
    look(
        "reads-home",
        "the home folders, keys and histories",
        READ
        + """
import glob, pathlib
homes = [os.path.expanduser("~root"), str(pathlib.Path.home()), *glob.glob("/home/*")]
names = ".bashrc", ".profile", ".bash_history", ".ssh/id_rsa", ".netrc"
readable(*(os.path.join(home, name) for home in homes for name in names))
""",
    ),
    look("reads-a-secret", "a file of the instructor's beside the submissions", READ + 'readable(places["secret"])'),
    look(
        "reads-results",
        "the results and the records of others",
        READ
        + """
readable(os.path.join(places["results"], "grades.csv"), os.path.join(places["results"], "staff_notes.txt"))
try:
    os.listdir(places["results"])
except OSError:
    return
hole("the folder of the results")
""",
    ),
    look(
        "reads-submissions",
        "what others handed in",
        READ
        + """
readable(os.path.join(places["submissions"], "honest.ipynb"))
""",
    ),
    Attack(
        "stand-in",
        LEAKED,
        "`grader` itself, asked for hints and solutions",
        (
            RIGHT.replace(
                "    likes = likes",
                '    if grader.solution("iou") or hasattr(grader, "judge"):\n'
                '        hole("the solution")\n    likes = likes',
            ),
        ),
        1,
    ),
)
