"""Lists as files: CSV in the encodings and delimiters people have, and XLSX. Nothing is ever taken
for a formula.
"""

import csv
import io
import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TextIO

from deskbook.people.apart import Limits, NoRoom, Over, done_within
from deskbook.people.lists.quoting import short
from deskbook.people.lists.workbook import MOST_COLUMNS, MOST_IN_A_CELL, TooLarge, text_of
from deskbook.refusals.refusal import Refusal, Refused, Word

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DELIMITERS = (";", ",", "\t")
MOST_LINES = 1_000_000
"""A state's employees are 700,000."""
MOST_BYTES = 90_000_000
MOST_IN_A_LINE = 1_000_000
"""Characters of one line of a text file, its quoted line breaks included."""
IN_A_JOB, IN_A_PAGE = 40_000_000, 1_500_000
"""Tags of a spreadsheet: each costs some microseconds, whatever it stands for."""
LIMITS_OF_A_JOB = Limits(seconds=170.0, memory=400 * 1024 * 1024, longest_s=600.0)
"""For the longest list there may be; nobody waits for it at a page."""
_OTHER_FILES = {
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
}
_PIECE = 1_000_000
_STARTS = ("=", "+", "-", "@")
_NUMBER = re.compile(r"[+-]?[\d\s().,/-]*")


class UnreadableList(Refused):
    """The file cannot be read as a list. The sentence says why and what to do."""


class _Endless(Exception):
    """A line is longer than any line of a list."""


@dataclass(slots=True)
class Sheet:
    """A file as a list: `header` and the lines after it, each with the number a person finds
    it by.
    """

    header: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    about: int
    """Roughly how many lines there are."""
    notes: list[Refusal] = field(default_factory=list)
    """What was noticed about the whole file."""


def open_sheet(data: bytes, *, most_tags: int = IN_A_JOB) -> Sheet:
    """Returns the list a file holds. Raises UnreadableList, also while its rows are read; NoRoom,
    the machine's fault.

    A page, for which somebody waits, reads spreadsheets of `most_tags` IN_A_PAGE only.
    """
    if not data.strip():
        raise UnreadableList("file: empty")
    if len(data) > MOST_BYTES:
        raise UnreadableList("file: large")
    for mark, name in _OTHER_FILES.items():
        if data.startswith(mark):
            raise UnreadableList("file: other kind", kind=name)
    return _workbook(data, most_tags) if data.startswith(b"PK\x03\x04") else _text(data)


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> IO[bytes]:
    """Returns a CSV file that spreadsheets open as it is: UTF-8 with its mark, no cell taken for a
    formula. It goes away when it is closed; of a list of any length a line is in memory at a time.
    """
    file = TemporaryFile()  # noqa: SIM115  # closed by who reads it
    file.write(BOM_UTF8)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([as_text(name) for name in header])
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    text.detach()
    file.seek(0)
    return file


def write_xlsx(header: Sequence[str], rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    """Returns a workbook of one sheet called `title`, its header kept in view. Text stays text: no
    cell becomes a formula or a link; numbers stay numbers.
    """
    import xlsxwriter

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, plain) as book:
        sheet, bold = book.add_worksheet(title), book.add_format({"bold": True})
        sheet.write_row(0, 0, header, bold)
        for number, row in enumerate(rows, start=1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        sheet.autofit()
    return out.getvalue()


def as_text(cell: object) -> str:
    """Returns a cell's text; what a spreadsheet would run gets an apostrophe before it, which
    reading takes off.
    """
    text = "" if cell is None else str(cell)
    return f"'{text}" if _needs_apostrophe(text) else text


def as_read(cell: object) -> str:
    """Returns what reading makes of a cell that was written."""
    return _plain(as_text(cell))


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take the text for a formula; numbers with a sign are none, nor
    several with semicolons between them.
    """
    start = _start(text)
    return start in ("=", "@") or (
        start in ("+", "-") and not all(_NUMBER.fullmatch(one.strip()) for one in text.split(";"))
    )


def _needs_apostrophe(text: str) -> bool:
    """Of its own apostrophes reading would take one off."""
    bare = text.lstrip("'")
    return _start(bare) in _STARTS or bare[:1] in ("\t", "\r", "\n")


def _start(text: str) -> str:
    """The first character that counts: spreadsheets pass over blanks, and take full width forms for
    the plain ones.
    """
    seen = (c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFKC", next(seen, ""))[:1]


def _text(data: bytes) -> Sheet:
    encoding, notes = _encoding(data)
    # A megabyte of text takes four in a StringIO: it is read from the bytes, line by line.
    text = io.TextIOWrapper(io.BytesIO(data), encoding, "replace", newline="")
    first = text.readline(MOST_IN_A_LINE)
    # What Excel writes to tell itself.
    declared = re.fullmatch(r"sep=(.)\r?\n?", first)
    if not declared:
        text.seek(0)
    delimiter = declared[1] if declared else _delimiter(first)
    lines = _csv_lines(text, delimiter, 1 if declared else 0)
    return _sheet(lines, data.count(b"\n"), notes)


def _encoding(data: bytes) -> tuple[str, list[Refusal]]:
    """Returns the encoding of a text and, where it was guessed, what says so."""
    if data.startswith(BOM_UTF8):
        return "utf-8-sig", []
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16", []
    low, high = data[1:200:2].count(0), data[:200:2].count(0)
    if max(low, high) * 8 > len(data[:200]):
        # Every other byte of Latin letters and delimiters is empty.
        return "utf-16-le" if low > high else "utf-16-be", []
    if (line := _undecoded(data, "utf-8")) is None:
        return "utf-8", []
    if _undecoded(data, "cp1252") is not None:
        raise UnreadableList("file: encoding", number=str(line))
    return "cp1252", [Refusal("file: not UTF-8", number=str(line))]


def _undecoded(data: bytes, encoding: str) -> int | None:
    """Returns the first line that is not in this encoding; None where all of it is."""
    decoder = getincrementaldecoder(encoding)()
    for start in range(0, len(data), _PIECE):
        begun = len(decoder.getstate()[0])
        piece = data[start : start + _PIECE]
        try:
            decoder.decode(piece, final=start + _PIECE >= len(data))
        except UnicodeDecodeError as wrong:
            return data.count(b"\n", 0, start - begun + wrong.start) + 1
    return None


def _delimiter(header: str) -> str:
    outside = re.sub(r'"[^"]*"', "", header)
    return max(DELIMITERS, key=outside.count)


def _csv_lines(text: TextIO, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    waiting = [0]
    reader = csv.reader(_not_endless(text, waiting), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            waiting[0] = 0
            yield line + skipped, cells
            line = reader.line_num + 1
    except (csv.Error, _Endless) as wrong:
        why = Word("it is longer than any line of a list, or a quote in it is never closed")
        raise UnreadableList(
            "file: line unreadable",
            number=str(line + skipped),
            why=why if isinstance(wrong, _Endless) else str(wrong),
        ) from None


def _not_endless(text: TextIO, waiting: list[int]) -> Iterator[str]:
    """The lines of a text as long as the reader gets rows out of them; `waiting` counts what made
    none yet.
    """
    while line := text.readline(MOST_IN_A_LINE + 1):
        if "\x00" in line:
            raise UnreadableList("file: no text")
        waiting[0] += len(line)
        if waiting[0] > MOST_IN_A_LINE:
            raise _Endless
        yield line


def _workbook(data: bytes, most_tags: int) -> Sheet:
    limits = Limits() if most_tags <= IN_A_PAGE else LIMITS_OF_A_JOB
    try:
        text = done_within(limits, text_of, data, most_tags)
    except (TooLarge, Over):
        raise UnreadableList("file: large unpacked") from None
    except NoRoom:
        raise
    except Exception as wrong:  # whatever a broken file makes of the library
        raise UnreadableList("file: not opened", why=short(wrong)) from wrong
    notes = []
    if text.sheets > 1:
        notes.append(Refusal("file: first sheet", title=short(text.title)))
    lines = enumerate(csv.reader(io.StringIO(text.csv, newline="")), start=1)
    return _sheet(lines, min(text.about, MOST_LINES), notes)


def _sheet(lines: Iterable[tuple[int, list[str]]], about: int, notes: list[Refusal]) -> Sheet:
    filled = (
        (n, cells) for n, cells in _of_usual_cells(lines) if any(cell.strip() for cell in cells)
    )
    first = next(filled, None)
    if first is None:
        raise UnreadableList("file: no lines")
    header = _header(first[1])
    second = next(filled, None)
    if second is None:
        raise UnreadableList("file: one line")
    return Sheet(tuple(header), _counted(chain([second], filled), len(header)), about, notes)


def _header(cells: list[str]) -> list[str]:
    """Returns the columns a first line names, without the empty ones behind them."""
    header = [_plain(cell) for cell in cells]
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise UnreadableList("file: many columns")
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise UnreadableList("file: column called twice", name=short(twice))
    return header


def _of_usual_cells(lines: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    for line, cells in lines:
        if any(len(cell) > MOST_IN_A_CELL for cell in cells):
            raise UnreadableList("file: long cell", number=str(line))
        yield line, cells


def _counted(lines: Iterator[tuple[int, list[str]]], width: int) -> Iterator[tuple[int, list[str]]]:
    for count, (line, cells) in enumerate(lines, start=1):
        if count > MOST_LINES:
            raise UnreadableList("file: many lines")
        kept = cells[:width] + [""] * (width - len(cells))
        beyond = [cell for cell in cells[width:] if cell.strip()]
        yield line, [_plain(cell) for cell in (*kept, *beyond)]


def _plain(cell: str) -> str:
    text = cell.strip().replace("\x00", "")
    return text[1:] if text[:1] == "'" and _needs_apostrophe(text) else text
