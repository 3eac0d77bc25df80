"""Messages written by hand on the line to the judge: verdicts, other exercises, floods, noise and bombs."""

from .attack import FORGED, LOST, Attack

SEND = """
import struct
from learner.plain import pack, plain
def send(message, length=None):
    data = message if type(message) is bytes else pack(message)
    os.write(line, struct.pack("<Q", len(data) if length is None else length) + data)
def entry(label, value, name="intersection", **more):
    return {"label": label, "name": name, "value": value, "error": None, "changed": (), "printed": False,
            "aside": False, "sample": False} | more
def seen(*entries, ended="done"):
    return {"entries": list(entries), "ended": ended, "missing": (), "misfits": (), "note": ""}
"""


def reply(name: str, tries: str, body: str, earns: int = 0, *, aim: str = LOST, free: bool = True) -> Attack:
    """Make an attack whose `intersection` writes on the line by itself."""
    lines = "\n".join("    " + line for line in body.strip("\n").splitlines())
    return Attack(name, aim, tries, (f"{SEND}\ndef intersection(likes):\n{lines}\n",), earns, free)


ATTACKS = (
    reply(
        "no-questions",
        "an observation without entries, sent by hand before the real one",
        'send({"exercise": "intersection", "observation": seen()})\nos._exit(0)',
        aim=FORGED,
    ),
    reply(
        "by-rote",
        "what was seen of a right answer under another seed, sent by hand",
        "from learner.observation import to_tree\nfrom learner.observe import observe\n"
        'probe = sys.modules["probes.intersection"]\nseen_before = observe(probe, {"intersection": right}, seed=-1)\n'
        'send({"exercise": "intersection", "observation": to_tree(seen_before)})\nos._exit(0)',
        aim=FORGED,
    ),
    reply(
        "claims-correct",
        "frames that claim a verdict",
        'send({"exercise": "intersection", "status": "correct", "observation": {"status": "correct"}})\n'
        'send({"exercise": "intersection", "verdict": "correct", "end": True})\nos._exit(0)',
        aim=FORGED,
    ),
    reply(
        "other-exercise",
        "observations of exercises that it was not asked",
        'send({"exercise": "vae", "observation": seen()})\nsend({"exercise": "../../grades", "observation": seen()})\n'
        'send({"exercise": ["iou"], "observation": seen()})\nreturn right(likes)',
        1,
        aim=FORGED,
    ),
    reply(
        "broken-for-marks",
        "an observation that says the exercise itself is broken",
        'send({"exercise": "intersection", "observation": seen(ended="probe failed")})\nos._exit(0)',
        aim=FORGED,
    ),
    reply(
        "atexit",
        "frames that are sent when the process ends",
        'import atexit\natexit.register(send, {"exercise": "iou", "observation": seen()})\nsys.exit(0)',
        aim=FORGED,
    ),
    reply(
        "thread-forges",
        "a thread that sends forged observations beside the real ones",
        "import threading\ndef forge():\n    for _ in range(50):\n"
        '        send({"exercise": "intersection", "observation": seen()})\n        time.sleep(0.01)\n'
        "threading.Thread(target=forge, daemon=True).start()\ntime.sleep(0.2)\nreturn 1",
        aim=FORGED,
    ),
    reply("huge-header", "a frame that announces 2**63 bytes", 'send(b"x", 2**63)\nreturn 1'),
    reply("short-frame", "a frame that announces more than it brings", 'send(b"x", 10**6)\nos._exit(0)'),
    reply(
        "text-bomb",
        "a reply of brackets that takes gigabytes when it is read",
        """
import struct
text = b"[" + b"[]," * 20_000_000 + b"0]"
send(struct.pack("<Q", len(text)) + text)
return 1
""",
    ),
    reply(
        "deep-reply",
        "a reply nested a hundred thousand deep",
        """
import struct
text = b"[" * 100_000 + b"]" * 100_000
send(struct.pack("<Q", len(text)) + text)
return 1
""",
    ),
    reply(
        "one-tensor-many-names",
        "a reply that names one large tensor a hundred thousand times",
        """
import struct
from safetensors.torch import save
tensor = json.dumps({"$": "tensor", "key": "0"})
value = "[" + ",".join([tensor] * 20_000) + "]"
rows = json.dumps(seen(entry("three users", 0))).replace('"value": 0', '"value": [%s]' % ",".join([value] * 5))
text = ('{"$": "dict", "items": [["exercise", "intersection"], ["observation", %s]]}' % rows).encode()
send(struct.pack("<Q", len(text)) + text + save({"0": torch.zeros(4_000_000)}))
return 1
""",
    ),
    reply(
        "many-entries",
        "an observation of thousands of entries",
        """
send({"exercise": "intersection", "observation": seen(*[entry("three users", 1)] * 3_000)})
os._exit(0)
""",
    ),
    reply(
        "odd-types",
        "an observation whose every field is of the wrong type",
        """
odd = None, 1, [], "x", {"entries": 1}, {"entries": [1]}, {"entries": [], "ended": []}, seen({"label": 1})
for odd in odd:
    send({"exercise": "intersection", "observation": odd})
os._exit(0)
""",
    ),
    reply(
        "odd-places",
        "messages that lie about where it is",
        """
places = {"cell": -1}, {"cell": 10**9, "notebook": 10**9}, {"cell": None}, {"started": {"a": 1}}, {"notebook": -7}
for place in places:
    send(place)
os._exit(0)
""",
    ),
    reply(
        "message-flood",
        "a hundred thousand small messages",
        """
data = struct.pack("<Q", len(pack({"cell": 0}))) + pack({"cell": 0})
while goes_on():
    os.write(line, data * 100)
""",
        free=False,
    ),
    Attack(
        "start-flood",
        LOST,
        "starts at scale, told over and over, with what is answered never read",
        (
            SEND
            + """
def intersection_over_union_at_scale(likes):
    while goes_on():
        send({"started": "iou_at_scale"})
""",
        ),
        free=False,
    ),
)
