"""MovieLens is read, or refused with a word on what to do."""

import hashlib
import zipfile
from io import BytesIO
from types import SimpleNamespace

import pytest
from lesson import movielens as module
from lesson.movielens import SETS, movielens, movielens_here

LINES = "1\t2\t5\t881250949\n2\t1\t3\t891717742\n2\t3\t1\t878887116\n"
HEADER = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
WANTED = [[0, 5, 0], [3, 0, 1]]
REAL = dict(SETS)
BAD = {
    "cut": LINES[:-24],
    "another file": "a,b,c\n1,2,3\n",
    "a word for a rating": LINES.replace("\t3\t", "\tgood\t"),
    "six stars": LINES.replace("\t5\t", "\t6\t"),
    "a rating twice": LINES + "1\t2\t4\t1\n",
    "empty": "",
}


def packed(text=LINES, file="ml-100k/u.data"):
    """Return the bytes of an archive with its file of ratings in its folder."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(zipfile.ZipInfo(file), text)
    return data.getvalue()


MILLION = LINES.replace("\t", "::")
"""The same ratings as the larger set writes them."""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Let the official data sets be of two users, three films and three ratings."""
    for name, data in {"ml-100k": packed(), "ml-1m": packed(MILLION, "ml-1m/ratings.dat")}.items():
        known = dict(shape=(2, 3), count=3, size=len(data), sha256=hashlib.sha256(data).hexdigest())
        monkeypatch.setitem(SETS, name, SimpleNamespace(**vars(SETS[name]) | known))


@pytest.fixture
def offline(monkeypatch):
    """Let every connection fail."""

    def refuse(*arguments, **keywords):
        raise OSError("no network")

    monkeypatch.setattr(module, "urlopen", refuse)


@pytest.mark.parametrize(
    ("name", "text"), [("u.data", LINES), ("ml-100k/u.data", LINES), ("ml-100k.inter", HEADER + LINES)]
)
@pytest.mark.parametrize("by_file", [True, False])
def test_a_file_or_its_folder_is_read(tmp_path, name, text, by_file):
    """The ratings stand in their cells."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    assert movielens(path if by_file else tmp_path).ratings.tolist() == WANTED


@pytest.mark.parametrize("root", ["ml-100k.zip", "."])
def test_the_official_archive_is_read(tmp_path, root):
    """The archive, or the folder that it lies in."""
    (tmp_path / "ml-100k.zip").write_bytes(packed())
    assert movielens(tmp_path / root).ratings.tolist() == WANTED


@pytest.mark.parametrize("name", ["ratings.dat", "ml-1m/ratings.dat", "ml-1m.inter", "ml-1m.zip"])
def test_the_million_is_read_as_well(tmp_path, name):
    """From its own file with `::` between, from tabs, or from its archive."""
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    text = HEADER + LINES if name.endswith("inter") else MILLION
    path.write_bytes(packed(MILLION, "ml-1m/ratings.dat") if name.endswith("zip") else text.encode())
    assert movielens(tmp_path, "ml-1m").ratings.tolist() == WANTED


def test_one_set_is_not_taken_for_the_other(tmp_path):
    """The error says what the lines should look like."""
    (tmp_path / "ratings.dat").write_text("1,2,5,881250949\n2,1,3,891717742\n")
    with pytest.raises(ValueError, match=r"line 2: .* with `::` between"):
        movielens(tmp_path, "ml-1m")


def test_the_real_sets_are_known():
    """Sizes as GroupLens states them, and a checksum for each."""
    assert {name: known.count for name, known in REAL.items()} == {"ml-100k": 100_000, "ml-1m": 1_000_209}
    assert all(len(bytes.fromhex(known.sha256)) == 32 for known in REAL.values())


def test_triples_count_from_nought(tmp_path):
    """Row, column and stars, in the order of the file."""
    (tmp_path / "u.data").write_text(LINES)
    assert movielens(tmp_path).triples.tolist() == [[0, 1, 5], [1, 0, 3], [1, 2, 1]]


def test_the_licence_is_shown(tmp_path, capsys):
    """Whoever loads the data reads what they may be used for."""
    (tmp_path / "u.data").write_text(LINES)
    movielens(tmp_path)
    assert "not to be passed on" in capsys.readouterr().out


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_a_wrong_file_is_refused_by_its_path(tmp_path, text):
    """The error names the file, and where to get a right one."""
    (tmp_path / "u.data").write_text(text)
    with pytest.raises(ValueError, match=r"u\.data.*https://files\.grouplens\.org"):
        movielens(tmp_path)


@pytest.mark.parametrize("data", [packed()[:-9], packed(LINES * 2), b"PK", b""], ids=["cut", "other", "stub", "empty"])
def test_a_wrong_archive_is_refused_by_its_path(tmp_path, data):
    """Only the official archive is opened."""
    (tmp_path / "ml-100k.zip").write_bytes(data)
    with pytest.raises(ValueError, match=r"ml-100k\.zip is cut or is not the official archive"):
        movielens(tmp_path)


def test_where_there_is_nothing_it_says_what_to_do(tmp_path):
    """The error names the folder and the address."""
    with pytest.raises(FileNotFoundError, match=r"no ml-100k at .*https://files\.grouplens\.org"):
        movielens(tmp_path / "nowhere")


def test_another_name_is_refused():
    """Only the data sets that are known."""
    with pytest.raises(ValueError, match="must be one of ml-100k, ml-1m, but is 'netflix'"):
        movielens(".", name="netflix")


@pytest.mark.usefixtures("offline")
def test_nothing_is_downloaded_unasked(tmp_path):
    """Without `download=True` the network is never tried."""
    with pytest.raises(FileNotFoundError):
        movielens(tmp_path)


@pytest.mark.usefixtures("offline")
def test_offline_a_download_says_where_to_put_the_file(tmp_path):
    """The error names the address and the place."""
    with pytest.raises(ConnectionError, match=r"does not answer.*ml-100k\.zip"):
        movielens(tmp_path, download=True)


def test_a_download_is_kept(tmp_path, monkeypatch):
    """The archive lies in the folder afterwards."""
    monkeypatch.setattr(module, "urlopen", lambda *_, **__: BytesIO(packed()))
    movielens(tmp_path / "data", download=True)
    assert (tmp_path / "data" / "ml-100k.zip").read_bytes() == packed()


def test_a_broken_download_is_not_kept(tmp_path, monkeypatch):
    """What is not the official archive is thrown away."""
    monkeypatch.setattr(module, "urlopen", lambda *_, **__: BytesIO(b"sorry"))
    with pytest.raises(ValueError, match="is not the official archive"):
        movielens(tmp_path, download=True)
    assert list(tmp_path.iterdir()) == []


def test_a_download_that_is_cut_off_leaves_nothing_under_the_name(tmp_path, monkeypatch):
    """The archive gets its name when it is whole on the disk, so a crash before costs a new download and no more."""
    monkeypatch.setattr(module, "urlopen", lambda *_, **__: BytesIO(packed()))
    monkeypatch.setattr(module.Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        movielens(tmp_path, download=True)
    assert not (tmp_path / "ml-100k.zip").exists()


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Work in an empty folder, with no variable that points to the data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ML100K", raising=False)
    return tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_where_they_are_not_here_one_line_says_how_to_get_them(capsys):
    """Nothing is raised, and nothing is downloaded."""
    assert (movielens_here(), "set ML100K to its path" in capsys.readouterr().out) == (None, True)


@pytest.mark.parametrize("place", ["data/u.data", "data/ml-100k/u.data", "own/u.data"])
def test_they_are_found_where_learners_keep_them(elsewhere, monkeypatch, place):
    """In `data`, in what was unpacked there, or where the variable points to."""
    monkeypatch.setenv("ML100K", "own")
    (elsewhere / place).parent.mkdir(parents=True)
    (elsewhere / place).write_text(LINES)
    assert movielens_here().ratings.tolist() == WANTED
