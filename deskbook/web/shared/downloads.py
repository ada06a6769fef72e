"""Lists given as files: written line by line to the disk and sent from there, so that what breaks
off in the middle is not taken for all there is, and no list is in memory as a whole.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import IO

from django.http import FileResponse

from deskbook.people.lists.sheets import XLSX, csv_file, write_xlsx

Rows = Iterable[Sequence[object]]


def csv_download(filename: str, header: Sequence[str], rows: Rows) -> FileResponse:
    """Returns a list as a CSV file of that name."""
    return _download(filename, csv_file(header, rows), "text/csv; charset=utf-8")


def xlsx_download(filename: str, header: Sequence[str], rows: Rows, *, title: str) -> FileResponse:
    """Returns a list as a workbook of that name, its sheet called `title`; it is made in memory."""
    return _download(filename, BytesIO(write_xlsx(header, rows, title=title)), XLSX)


def _download(filename: str, file: IO[bytes], content_type: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=filename, content_type=content_type)
