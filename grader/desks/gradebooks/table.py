"""A table in a CSV file, read as any spreadsheet writes it and written back as it came."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..records.results import FORMULA, harmless
from ..submissions.files import readable

BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",;\t"
MOST_IN_A_CELL = 10**7
MOST_SHOWN = 60
NUMBER = re.compile(r"[+-]?[\d.,]*\d[\d.,]*(e[+-]?\d+)?%?|-", re.IGNORECASE | re.ASCII)


class BadTable(ValueError):
    """A file that cannot be read as a table; the text is the sentence that says so."""


@dataclass(frozen=True)
class Table:
    """The cells of a file, and how they were written.

    Attributes:
        rows: the head first; a row may be shorter than the head.
        lines: the line of the file that each row begins on, from 1.
        encoding, delimiter, newline: of the file.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","
    newline: str = "\n"

    @property
    def head(self) -> tuple[str, ...]:
        """The titles of the columns."""
        return self.rows[0]

    def shown_head(self) -> str:
        """Name the first columns for a message; what a file holds that is no table does nothing to a terminal."""
        return ", ".join(f"`{readable(title)[:MOST_SHOWN]}`" for title in self.head[:8])

    def place(self, row: int) -> str:
        """Say where a row stands, as an editor counts and, where that differs, as a spreadsheet does."""
        line = self.lines[row]
        return f"line {line}" if line == row + 1 else f"line {line} (row {row + 1} in a spreadsheet)"

    def with_rows(self, rows: Iterable[Sequence[str]]) -> Table:
        """Give the same kind of file with other cells."""
        return replace(self, rows=tuple(map(tuple, rows)))

    def encoded(self) -> bytes:
        """Write the table as it was read; where its encoding lacks a sign, UTF-8 with a mark takes its place."""
        text = "".join(csv_row(row, self.delimiter, self.newline) for row in self.rows)
        try:
            return text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode("utf-8-sig", "replace")


def read_table(path: Path) -> Table:
    """Read a CSV file, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' Western encoding.

    Raises:
        BadTable: where there is no such file, or no table in it.
    """
    shown = readable(str(path))
    try:
        return decoded(path.read_bytes())
    except OSError as error:
        raise BadTable(f"`{shown}` cannot be read: {error.strerror or error}. Name a CSV file.") from error
    except (csv.Error, UnicodeError) as error:
        raise BadTable(f"`{shown}` is no CSV file: {error}. Save it as CSV (UTF-8) and try again.") from error
    except BadTable as error:
        raise BadTable(f"`{shown}` {error}") from error


def decoded(data: bytes) -> Table:
    """Read a table from the bytes of a file; raises BadTable, UnicodeError or csv.Error."""
    if data.startswith(b"PK"):
        raise BadTable("is a workbook and no CSV file. Save it as CSV (UTF-8) and try again.")
    text, encoding = _text(data)
    if not text.strip():
        raise BadTable("is empty, and a CSV file with a head was expected.")
    first = text.splitlines()[0]
    bare = re.sub('"[^"]*"', "", first)
    delimiter = max(DELIMITERS, key=bare.count)
    newline = "\r\n" if re.search("(?<!\n)\r\n", text) else "\n"
    csv.field_size_limit(MOST_IN_A_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines, line = [], [], 1
    for row in reader:
        rows.append(tuple(row))
        lines.append(line)
        line = reader.line_num + 1
    return Table(tuple(rows), tuple(lines), encoding, delimiter, newline)


def csv_row(cells: Sequence[object], delimiter: str = ",", newline: str = "\n") -> str:
    """Write one row; a cell with a line's end of any kind in it is quoted, so that it comes back as it was."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerow(cells)
    return out.getvalue()[:-2] + newline


def tame(cell: str) -> str:
    """Defuse what a spreadsheet would compute, but for numbers and a lone dash, which are marks; once is enough."""
    return cell if NUMBER.fullmatch(cell) else harmless(untamed(cell))


def untamed(cell: str) -> str:
    """Give a cell as it was before `harmless` defused it."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def _text(data: bytes) -> tuple[str, str]:
    """Decode a file: by its mark, else as UTF-8, else as Windows writes Western texts."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data.decode(encoding), encoding
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1"), "latin-1"
