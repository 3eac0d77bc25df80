"""Memory, disk, processes and output in amounts that harm; each attack stops by itself where nothing stops it."""

from .attack import RESOURCES, Attack


def inside(name: str, tries: str, body: str, earns: int = 0, *, aim: str = RESOURCES, free: bool = False) -> Attack:
    """Make an attack whose `intersection` has this body."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    return Attack(name, aim, tries, (f"def intersection(likes):\n{lines}\n",), earns, free)


ATTACKS = (
    inside(
        "fork-bomb",
        "processes without end",
        """
made = 0
while made < 64 and goes_on():
    try:
        if os.fork() == 0:
            time.sleep(15)
            os._exit(0)
    except OSError:
        break
    made += 1
if made >= 64:
    hole("64 processes")
return 1
""",
    ),
    inside(
        "thread-bomb",
        "threads without end",
        """
import threading
made = []
try:
    while len(made) < 64 and goes_on():
        made.append(threading.Thread(target=time.sleep, args=(15,), daemon=True))
        made[-1].start()
except RuntimeError:
    return 1
hole("64 threads")
""",
    ),
    inside(
        "memory-in-one",
        "more memory than it may have, in one process",
        """
held = []
try:
    while len(held) < 24 and goes_on():
        held.append(torch.ones(64 * 2**20))
except RuntimeError:
    raise MemoryError("stopped at %d" % len(held)) from None
hole("6 GiB in one process")
""",
        free=True,
    ),
    inside(
        "memory-in-many",
        "more memory than it may have, in processes that hold a part each",
        """
ready, full = os.pipe()
for _ in range(6):
    if os.fork() == 0:
        held = torch.ones(100 * 2**20)
        os.write(full, b"x")
        time.sleep(15)
        os._exit(0)
for _ in range(6):
    os.read(ready, 1)
time.sleep(1.5)
hole("2.4 GB in six processes")
""",
    ),
    inside(
        "memory-in-common",
        "memory that two processes share, so that neither holds it alone",
        """
import mmap
ready, full = os.pipe()
for _ in range(3):
    if os.fork() == 0:
        shared = mmap.mmap(-1, 800 * 2**20)
        os.fork()
        torch.frombuffer(shared, dtype=torch.uint8).fill_(1)
        os.write(full, b"x")
        time.sleep(15)
        os._exit(0)
for _ in range(6):
    os.read(ready, 1)
time.sleep(1.5)
hole("2.4 GiB in three pairs of processes")
""",
    ),
    inside(
        "memory-in-files",
        "memory in files without a name",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
made = [number for number in (libc.memfd_create(b"x", 0) for _ in range(8)) if number >= 0]
if made or libc.shmget(0, 2**20, 0o1600) >= 0 or libc.msgget(0, 0o1600) >= 0:
    hole("memory that no limit counts")
return right(likes)
""",
        1,
    ),
    inside(
        "memory-in-a-mount",
        "a file system of its own in memory",
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000 | 0x20000) == 0 or libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    hole("rights in a namespace of its own")
return right(likes)
""",
        1,
    ),
    inside(
        "disk-flood",
        "a gigabyte of files",
        """
if not first_time():
    return right(likes)
written = 0
try:
    for number in range(16):
        with open("/tmp/flood-%d" % number, "wb") as file:
            for _ in range(8):
                written += file.write(bytes(8 * 2**20))
except OSError:
    return right(likes)
hole("%d bytes" % written)
""",
        1,
    ),
    inside(
        "file-flood",
        "a hundred thousand empty files",
        """
if not first_time():
    return right(likes)
try:
    for number in range(100_000):
        open("/tmp/empty-%d" % number, "w").close()
except OSError:
    return right(likes)
hole("100,000 files")
""",
        1,
    ),
    inside(
        "output-flood",
        "output without end",
        """
while goes_on():
    print("x" * 10**6)
    sys.__stdout__.write("x" * 10**6)
    sys.__stderr__.write("x" * 10**6)
""",
        free=True,
    ),
    inside(
        "output-beneath",
        "half a gigabyte of output, beneath Python",
        """
for _ in range(500):
    os.write(1, bytes(10**6))
    os.write(2, bytes(10**6))
return right(likes)
""",
        1,
        free=True,
    ),
    inside(
        "many-files",
        "more open files than it may have",
        """
held = []
try:
    while len(held) < 2_000:
        held.append(open("/dev/null"))
except OSError:
    held.clear()
    return right(likes)
hole("2,000 open files")
""",
        1,
        free=True,
    ),
    inside(
        "network",
        "the network, by way of the loopback address",
        """
import socket
server = socket.socket()
try:
    server.bind(("127.0.0.1", 0))
    server.listen()
    socket.create_connection(server.getsockname(), timeout=1)
except OSError:
    return right(likes)
hole("the loopback address")
""",
        1,
    ),
)
