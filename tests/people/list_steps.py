"""Reading a list and taking it in, as a lead does, for tests of lists."""

from datetime import timedelta

from deskbook.people.lists.sheets import csv_file
from deskbook.people.lists.uploads import accept_upload, read_upload, take_upload, write_upload
from deskbook.people.refusals import in_words
from tests.people.roster_desk import MONDAY


def read(by, what, text, **options):
    """Read a list and return its upload."""
    data = text if isinstance(text, bytes) else text.encode()
    return read_upload(take_upload(by, what, "list.csv", data, at=MONDAY, **options).pk, at=MONDAY)


def take_in(upload):
    accept_upload(upload)
    return write_upload(upload.pk, at=MONDAY + timedelta(minutes=1))


def why(upload, line):
    return in_words(upload.rows.get(line=line).why)


def counts(upload):
    return upload.added, upload.changed, upload.same, upload.wrong


def written(header, rows):
    """Return a list as a file of it would be."""
    with csv_file(header, rows) as file:
        return file.read()
