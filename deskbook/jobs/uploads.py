"""Lists are read and taken in by a worker: a hundred thousand lines are no matter for a page."""

from datetime import UTC, datetime

from deskbook.people.lists import uploads


def read_upload(upload_id: int) -> None:
    uploads.read_upload(upload_id, at=datetime.now(UTC))


def write_upload(upload_id: int) -> None:
    uploads.write_upload(upload_id, at=datetime.now(UTC))
