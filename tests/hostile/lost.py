"""Runs that should hang, end early or lose a row: loops, exits, signals and floods."""

from .attack import LOST, RIGHT, Attack


def inside(name: str, tries: str, body: str, earns: int = 0, before: str = "", free: bool = True) -> Attack:
    """Make an attack whose `intersection` has this body."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    return Attack(name, LOST, tries, (f"{before}\ndef intersection(likes):\n{lines}\n",), earns, free)


ATTACKS = (
    inside(
        "endless-function",
        "a loop that catches every exception",
        """
while goes_on():
    try:
        while goes_on():
            pass
    except BaseException:
        pass
""",
    ),
    Attack(
        "endless-cell",
        LOST,
        "a cell that hangs, before a right answer",
        ("def hang():\n    while goes_on():\n        pass", "intersection = hang()", RIGHT),
        1,
    ),
    inside(
        "deaf",
        "a loop that blocks the alarm",
        """
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
signal.setitimer(signal.ITIMER_REAL, 0)
while goes_on():
    pass
""",
    ),
    inside(
        "long-call",
        "one long call inside torch",
        """
big = torch.ones(3000, 3000)
while goes_on():
    torch.linalg.svd(big)
""",
        free=False,
    ),
    inside("os-exit", "`os._exit`", "os._exit(0)"),
    Attack("os-exit-in-cell", LOST, "`os._exit` in the cell that defines the answer", ("intersection = os._exit(3)",)),
    inside("sys-exit", "`sys.exit` with a message", 'sys.exit("all is well")'),
    inside("kills-itself", "SIGKILL to itself", "os.kill(os.getpid(), signal.SIGKILL)"),
    inside(
        "kills-its-group",
        "SIGKILL to its process group",
        """
if os.getpgid(0) == os.getpid():
    os.killpg(os.getpid(), signal.SIGKILL)
""",
    ),
    inside(
        "kills-all",
        "SIGKILL to every process that it may reach",
        """
if os.getpid() == 1:
    child = os.fork()
    if child == 0:
        try:
            os.kill(-1, signal.SIGKILL)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
return right(likes)
""",
        1,
    ),
    inside(
        "stops-itself",
        "SIGSTOP to itself",
        """
if os.getpid() != 1:
    os.kill(os.getpid(), signal.SIGSTOP)
else:
    time.sleep(20)
""",
    ),
    inside("crashes", "a segmentation fault", "import ctypes\nctypes.string_at(0)"),
    inside("recursion", "a stack without end", "sys.setrecursionlimit(10**8)\nreturn intersection(likes)"),
    inside(
        "garbage",
        "noise on every open descriptor",
        """
for number in range(3, 64):
    try:
        os.set_blocking(number, False)
        os.write(number, os.urandom(10_000))
    except OSError:
        pass
return 1
""",
    ),
    inside("gigantic-answer", "an answer of half a gigabyte", "return torch.zeros(11_500, 11_500)"),
    inside("stretched-answer", "an answer that claims exabytes", "return torch.zeros(1).expand(10**9, 10**9)"),
    inside(
        "nested-answer",
        "an answer nested ten thousand deep",
        """
answer = []
for _ in range(10_000):
    answer = [answer]
return answer
""",
    ),
    inside("answer-in-itself", "a list that holds itself", "answer = []\nanswer.append(answer)\nreturn answer * 3"),
    inside("wide-answer", "two million items in nested lists", "return [[[0] * 200] * 200] * 50", free=False),
    inside(
        "hostile-error",
        "an error whose text is another error",
        """
class Worse(BaseException):
    def __str__(self):
        raise Worse
    __repr__ = __str__
raise Worse
""",
    ),
    inside("surrogates", "an error of characters that no file can hold", 'raise ValueError("\\ud800\\x00" * 1000)'),
    inside(
        "kills-its-parent",
        "SIGTERM and SIGKILL to the warm parent",
        """
parent = os.getppid()
if parent == 0:
    return right(likes)
if b"learner" in open("/proc/%d/cmdline" % parent, "rb").read():
    os.kill(parent, signal.SIGKILL)
time.sleep(0.3)
return 1
""",
        1,
    ),
    inside(
        "poses-as-the-parent",
        "hellos and a forked process on the line, as the warm parent would send",
        """
import struct
os.write(line, struct.pack("<i", 1) * 3)
if os.fork() == 0:
    leave_session()
    os.write(line, struct.pack("<i", os.getpid()))
    time.sleep(1)
    os._exit(0)
return 1
""",
    ),
    inside(
        "closes-the-line",
        "the line closed, and the descriptor used for something else",
        """
os.close(line)
os.dup2(os.open("/dev/null", os.O_RDWR), line)
return right(likes)
""",
    ),
)
