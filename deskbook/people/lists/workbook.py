"""A spreadsheet's first sheet as the text of a CSV file. Runs in a process of its own
(people/apart.py), without Django: whatever the file unpacks to, it costs no more than the limits
there.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, NamedTuple

MOST_UNPACKED = 400_000_000
"""A spreadsheet is a zip file; a small one may unpack to more than any memory holds."""
MOST_OF_A_PART = 150_000_000
MOST_COLUMNS = 500
MOST_CELLS = 5_000_000
"""Empty ones between others count: a line may begin at the last of sixteen thousand columns."""
MOST_IN_A_CELL = 32_767
"""Characters: what Excel itself holds in one."""
_PIECE = 1_000_000
MOST_DIRECTORY = 200_000
"""Bytes of a zip file's list of its parts; a spreadsheet has some dozens of them."""


class TooLarge(Exception):
    """There is more in the file than any list has."""


class Text(NamedTuple):
    """`csv` has a line for each of the sheet's, also for empty ones."""

    csv: str
    title: str
    sheets: int
    about: int
    """How many lines the file says it has."""


def text_of(data: bytes, most_tags: int) -> Text:
    """Returns the first sheet's lines. Raises TooLarge, and whatever a broken file makes of the
    library.
    """
    from openpyxl import load_workbook  # here, for nobody else reads a spreadsheet

    if _tags(data, most_tags) > most_tags:
        raise TooLarge
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    sheet = book.worksheets[0]
    about = sheet.max_row or 0
    sheet.reset_dimensions()  # what the file says of its size is not to be believed
    out = io.StringIO()
    csv.writer(out).writerows(_lines_of(sheet))
    return Text(out.getvalue(), str(sheet.title), len(book.worksheets), about)


def _tags(data: bytes, most: int) -> int:
    """How many tags or attributes, whichever are more, the parts of a spreadsheet have; more than
    `most` when it is no use to count.
    """
    end = data.rfind(b"PK\x05\x06")  # the directory's own length stands in its end (APPNOTE 4.3.16)
    if int.from_bytes(data[end + 12 : end + 16], "little") > MOST_DIRECTORY:
        return most + 1
    tags = 0
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sizes = [part.file_size for part in packed.infolist()]
        if sum(sizes) > MOST_UNPACKED or max(sizes, default=0) > MOST_OF_A_PART:
            return most + 1
        for part in packed.infolist():
            with packed.open(part) as unpacked:
                while tags <= most and (piece := unpacked.read(_PIECE)):
                    tags += max(piece.count(b"<"), piece.count(b"="))
                    if len(piece) == _PIECE and b"<" not in piece:
                        # No cell is as long; a tag of nothing but attributes.
                        return most + 1
    return tags


def _lines_of(sheet: Any) -> Iterator[list[str]]:
    seen = 0
    # One column more than there may be: a list that has it is refused, not cut.
    for cells in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
        filled = len(cells)
        while filled and cells[filled - 1] is None:
            filled -= 1
        seen += filled + 1
        if seen > MOST_CELLS:
            raise TooLarge
        # One character more than there may be, for the same reason.
        yield [_cell(cell)[: MOST_IN_A_CELL + 1] for cell in cells[:filled]]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:%H:%M}" if isinstance(value, time) else str(value)
