"""Submissions graded at once, one of which tries to give away the right answers that it is handed in follow-through."""

from .attack import FORGED, Attack

CHANNELS = """
import socket, ctypes

PLACES = ["/tmp/handed", "/dev/shm/handed", "/dev/handed", "/var/tmp/handed", "/run/handed", "/kit/handed"]

def give(text):
    for place in PLACES:
        try:
            with open(place, "w") as file:
                file.write(text)
        except OSError:
            pass
    for family, address in ((socket.AF_UNIX, "\\0handed"), (socket.AF_INET, ("127.0.0.1", 48_731))):
        for kind in (socket.SOCK_DGRAM,):
            try:
                with socket.socket(family, kind) as line_out:
                    line_out.sendto(text.encode(), address)
            except OSError:
                pass

def take(listeners):
    for place in PLACES:
        try:
            with open(place) as file:
                return file.read()
        except OSError:
            pass
    for listener in listeners:
        try:
            return listener.recv(60_000).decode()
        except OSError:
            pass

def listen():
    found = []
    for family, address in ((socket.AF_UNIX, "\\0handed"), (socket.AF_INET, ("127.0.0.1", 48_731))):
        listener = socket.socket(family, socket.SOCK_DGRAM)
        listener.setblocking(False)
        try:
            listener.bind(address)
            found.append(listener)
        except OSError:
            pass
    return found
"""
GIVER = (
    CHANNELS
    + """
def intersection(likes):
    return 1

def union(likes):
    return 1

def intersection_over_union(likes):
    frame = sys._getframe()
    while frame:
        job = frame.f_locals.get("job")
        if type(job) is dict and job.get("handed"):
            while time.monotonic() < begun + 2:
                give(job["handed"]["intersection"])
                time.sleep(0.02)
        frame = frame.f_back
    return 1

begun = time.monotonic()
"""
)
TAKER = (
    CHANNELS
    + """
def intersection(likes):
    if "answer" not in kept:
        listeners, begun = listen(), time.monotonic()
        while time.monotonic() < begun + 2 and "answer" not in kept:
            text = take(listeners)
            if text:
                exec(text, space := {})
                kept["answer"] = space["intersection"]
            time.sleep(0.02)
    return kept["answer"](likes) if "answer" in kept else 1

kept = {}
"""
)
LOCKS = """
import fcntl, struct
part = struct.pack("hhqqi4x", fcntl.F_RDLCK, 0, 3, 1, 0)
ways = {
    "a lock on": lambda file: fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB),
    "who locks": lambda file: fcntl.fcntl(file, fcntl.F_GETLK, part),
    "a lock of an open file on": lambda file: fcntl.fcntl(file, 37, part),
    "a lease on": lambda file: fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_RDLCK),
    "notices of": lambda file: fcntl.fcntl(os.open(os.path.dirname(file.name), os.O_RDONLY), fcntl.F_NOTIFY, 1),
}
def open_ways():
    for path in (fcntl.__file__, os.__file__, torch.__file__):
        for name, way in ways.items() if path else ():
            try:
                way(open(path))
            except OSError:
                continue
            yield name + " " + path

def intersection(likes):
    for found in open_ways():
        hole(found)
    return right(likes)
"""
TERMINALS = """
import pty
def intersection(likes):
    try:
        pty.openpty()
    except OSError:
        return right(likes)
    hole("a terminal")
"""
ATTACKS = (
    Attack("gives", FORGED, "what was handed in, given away by files, sockets and loopback", (GIVER,), 0, False),
    Attack("takes", FORGED, "what another was handed in, waited for in all these places", (TAKER,), 0, False),
    Attack("takes-too", FORGED, "the same once more, so that one is graded beside the giver", (TAKER,), 0, False),
    Attack("locks", FORGED, "bits for an accomplice, by locks on files that both may read", (LOCKS,), 1, False),
    Attack("terminals", FORGED, "a terminal that an accomplice could open", (TERMINALS,), 1, False),
)
