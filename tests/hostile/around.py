"""What stands around a process: its neighbours, its environment, what is mounted, and what it was handed."""

from .attack import LEAKED, Attack


def look(name: str, tries: str, body: str, *, earns: int = 1, free: bool = False) -> Attack:
    """Make an attack that looks around before it answers rightly; what it finds it says aloud."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    code = f"def look():\n{lines}\n\ndef intersection(likes):\n    look()\n    return right(likes)\n"
    return Attack(name, LEAKED, tries, (code,), earns, free)


ATTACKS = (
    look(
        "proc-of-others",
        "the memory, environment and files of other processes",
        """
import glob
own = {str(os.getpid()), "self", "thread-self"}
for folder in glob.glob("/proc/[0-9]*"):
    pid = folder.rsplit("/", 1)[1]
    if pid not in own and os.getppid() != os.getpid():
        hole("process " + pid)
""",
    ),
    look(
        "proc-of-pid-1",
        "what pid 1 was started with, and its open files",
        """
if os.getpid() != 1:
    hole("pid 1 is another process")
words = open("/proc/1/environ").read() + open("/proc/1/cmdline").read()
for word in ("secret", "submissions", "results"):
    if places[word] in words:
        hole("the path of the " + word)
""",
    ),
    look(
        "environment",
        "the instructor's environment",
        """
if "HOSTILE_SECRET" in os.environ or b"HOSTILE_SECRET" in open("/proc/self/environ", "rb").read():
    hole("the environment")
""",
        free=True,
    ),
    look(
        "descriptors",
        "files that were left open",
        """
for number in os.listdir("/proc/self/fd"):
    try:
        target = os.readlink("/proc/self/fd/" + number)
    except OSError:
        continue
    if int(number) != line and not target.startswith(("/dev/null", "/proc/")):
        hole("descriptor " + number + ": " + target)
""",
        free=True,
    ),
    look(
        "mounts",
        "what lies beneath what is mounted",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
tries = libc.umount2(b"/tmp", 2), libc.unshare(0x10000000), libc.unshare(0x20000), libc.chroot(b"/tmp"), libc.setuid(0)
for what in tries:
    if what == 0:
        hole("a right that it should not have")
""",
    ),
    look(
        "links",
        "the results, by symlinks and hard links from its scratch",
        """
for place in (places["secret"], places["results"] + "/grades.csv", "/etc/shadow"):
    for make in (os.symlink, os.link):
        try:
            make(place, "/tmp/link")
            with open("/tmp/link") as file:
                hole("through a link: " + place + file.read(0))
        except OSError:
            pass
        if os.path.lexists("/tmp/link"):
            os.unlink("/tmp/link")
""",
    ),
    look(
        "keyring",
        "the kernel's keys, which all of a session share",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 250, "aarch64": 219}.get(os.uname().machine)
if number and libc.syscall(number, 0, -3, 0) >= 0:
    hole("the session's keyring")
""",
    ),
    Attack(
        "handed-in-answers",
        LEAKED,
        "the right answers that are handed in for follow-through, kept for itself",
        (
            """
def union(likes):
    return 1

def intersection(likes):
    try:
        source = open("/tmp/kept.py").read()
    except OSError:
        return 1
    return {}["unread"] if not source else 1

def intersection_over_union(likes):
    import inspect
    frame = sys._getframe()
    while frame:
        job = frame.f_locals.get("job")
        if type(job) is dict and job.get("handed"):
            open("/tmp/kept.py", "w").write(job["handed"].get("intersection", ""))
        frame = frame.f_back
    return 1
""",
        ),
        0,
        False,
    ),
)
