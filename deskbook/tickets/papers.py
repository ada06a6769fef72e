"""The papers of a request: which came, in which file, and what is wrong with those of a declared
shape.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from deskbook.engine.procedure_parts import Column, Paper
from deskbook.engine.procedures import papers_of
from deskbook.people.apart import NoRoom
from deskbook.people.books import desk_at
from deskbook.people.reading_since import later_than
from deskbook.tickets.models import Attachment, Blob, LogEntry, Message, Ticket
from deskbook.tickets.shapes import Checked, check_rows
from deskbook.tickets.state import state_of


@dataclass(frozen=True, slots=True)
class Sent:
    """One paper a request needs and what has come of it."""

    paper: Paper
    received: bool
    file: Attachment | None = None
    checked: Checked | None = None
    """Of a paper with a declared shape, row by row."""


def papers_sent(ticket: Ticket, since: datetime | None = None) -> list[Sent]:
    """Returns every paper the request needs that `papers_known` has, in the book's order, with the
    file it came in.
    """
    state = state_of(ticket)
    files = _files(ticket) if state.papers else {}
    return [
        _sent(paper, paper.key in state.papers, files.get(paper.key))
        for paper in papers_known(ticket, since)
    ]


def papers_known(ticket: Ticket, since: datetime | None) -> list[Paper]:
    """Returns which papers the request needs; for who reads the case from `since` on
    (`reads_since`) those that came or went back from then on, and those the desk still wants where
    it asked from then on.
    """
    state = state_of(ticket)
    needed = papers_of(desk_at(ticket.desk_id, ticket.book_version), state)
    if since is None:
        return list(needed)
    log = ticket.log.filter(later_than(since))
    moved = set(
        log.filter(kind__in=("PaperReceived", "PaperReturned")).values_list(
            "data__paper", flat=True
        )
    )
    asked = log.filter(kind="InformationRequested").exists()
    return [
        paper for paper in needed if paper.key in moved or (asked and paper.key not in state.papers)
    ]


def files_sent(ticket: Ticket) -> list[Attachment]:
    """Returns the files requesters sent, the latest first: one of them may be a paper."""
    found = Attachment.objects.filter(
        message__ticket=ticket, message__kind=Message.Kind.REQUEST, inline=False
    )
    return list(found.select_related("message").order_by("-pk")[:50])


def check_file(paper: Paper, data: bytes) -> Checked | None:
    """Returns what is wrong with the rows of a file; None for a paper without a declared shape.

    None too while there is no room to read one in: that is no fault of the file, which is checked
    with its case.
    """
    try:
        return check_rows(paper.columns, data) if paper.columns else None
    except NoRoom:
        return None


def _sent(paper: Paper, received: bool, file: Attachment | None) -> Sent:
    return Sent(
        paper,
        received,
        file if received else None,
        _look(paper, file) if received and file else None,
    )


def _look(paper: Paper, file: Attachment) -> Checked | None:
    try:
        return _checked(file.blob_id, paper.columns) if paper.columns else None
    except NoRoom:  # the next who looks at the case finds it checked
        return None


@lru_cache(maxsize=64)
def _checked(sha256: str, columns: tuple[Column, ...]) -> Checked:
    """Bytes never change under their hash, so the cache never lies."""
    return check_rows(columns, bytes(Blob.objects.get(pk=sha256).data))


def _files(ticket: Ticket) -> dict[str, Attachment]:
    """Returns paper → the file it came in last."""
    entries = LogEntry.objects.filter(ticket=ticket, kind="PaperReceived").order_by("seq")
    named = {
        data["paper"]: int(data.get("file") or 0) for data in entries.values_list("data", flat=True)
    }
    files = Attachment.objects.filter(message__ticket=ticket).in_bulk(list(named.values()))
    return {paper: files[file] for paper, file in named.items() if file in files}
