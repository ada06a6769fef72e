"""Lives written once and then as often as wanted, each time for other requesters of the same plan
and zone: what the engine would have decided for them at the same instants.

Between two casts only ids and numbers differ. The rows are made once with tokens in their place,
PostgreSQL says what COPY would write of them, and a cast is that text with its own ids in it and
its own hashes behind each line of the log.
"""

import re
from dataclasses import dataclass

NUMBER, TICKET, MESSAGE, FILE, REQUESTER, ORGANISATION = (
    9_000_000_000_000_000_000 + kind * 10**16 for kind in range(1, 7)
)
"""Where the tokens of each kind begin: ids that a bigint still holds and nothing else has."""
_TOKEN = re.compile(r"(90[1-6]\d{16})")
ALIKE = 16
"""Requesters so far apart have the same plan and zone."""


class Text:
    """A text with tokens."""

    def __init__(self, text):
        self.pieces = _TOKEN.split(text)
        self.tokens = self.pieces[1::2]

    def cast(self, ids):
        self.pieces[1::2] = [ids[token] for token in self.tokens]
        return "".join(self.pieces)


@dataclass(frozen=True)
class Play:
    """The rows of some lives: of each table the columns and the text, and the lines that the hashes
    of its log cover.
    """

    tables: dict[str, tuple[list[str], Text]]
    log: Text
    lines: Text
    begins: list[bool]
    """Of each line of the log: whether it is the first of its ticket."""


def land(helpdesk, lived):
    """Return lives whose requesters are tokens as rows whose ids are tokens."""
    from deskbook.demo.loading import Taken, land, texts_and_files

    n, (texts, files) = len(lived), texts_and_files(lived)
    tokens = ((NUMBER, n), (TICKET, n), (MESSAGE, texts), (FILE, files))
    return land(helpdesk, lived, Taken(*(range(first, first + many) for first, many in tokens)))


def played(cursor, landed):
    """Return the Play of such rows; call it in a transaction."""
    from deskbook.tickets.arriving import arrive
    from deskbook.tickets.models import Attachment, LogEntry, Message, Participant, Ticket

    log, messages, files, followers = (
        [row for life in landed for row in getattr(life, name)]
        for name in ("log", "messages", "files", "followers")
    )
    arrive([life.ticket for life in landed], [life.words for life in landed])
    tables = {
        "deskbook_ticket": _copied(cursor, "arriving", Ticket),
        "deskbook_message": _rows(cursor, Message, messages),
        "deskbook_attachment": _rows(cursor, Attachment, files),
        "deskbook_participant": _rows(cursor, Participant, followers, "id"),
    }
    _, entries = _rows(cursor, LogEntry, log, "id", "previous_hash", "hash")
    return Play(tables, entries, Text(_lines(landed)), [entry.seq == 1 for entry in log])


def _lines(landed):
    from deskbook.tickets.state import chain_line

    return "\n".join(
        chain_line(f"{life.ticket.desk_id}/{life.ticket.number}", entry).decode()
        for life in landed
        for entry in life.log
    )


def _rows(cursor, model, rows, *without):
    """Return the columns of the rows, and what COPY would write of them."""
    from deskbook.people.copying import copy_rows

    for row in rows:
        row.pk = row.pk or 0
    cursor.execute(f"create temporary table casting (like {model._meta.db_table})")
    copy_rows(rows, into="casting")
    return _copied(cursor, "casting", model, without)


def _copied(cursor, table, model, without=()):
    columns = [f.column for f in model._meta.concrete_fields if f.column not in without]
    with cursor.copy(f"copy {table} ({_named(columns)}) to stdout") as copy:
        text = b"".join(copy).decode()
    cursor.execute(f"drop table {table}")
    return columns, Text(text)


def _named(columns):
    return ", ".join(f'"{column}"' for column in columns)


def write(cursor, play, ids):
    """Write one cast: `ids` has what stands for each token."""
    from deskbook.tickets.models import LogEntry

    for table, (columns, text) in play.tables.items():
        _copy(cursor, table, columns, text.cast(ids))
    columns = [f.column for f in LogEntry._meta.concrete_fields if f.column != "id"]
    _copy(cursor, "deskbook_logentry", columns, "".join(_chained(play, ids)))


def _copy(cursor, table, columns, text):
    with cursor.copy(f"copy {table} ({_named(columns)}) from stdin") as copy:
        copy.write(text)


def _chained(play, ids):
    from deskbook.tickets.state import NOTHING_BEFORE, chain_hash

    digest = NOTHING_BEFORE
    rows, lines = play.log.cast(ids).split("\n"), play.lines.cast(ids).encode().split(b"\n")
    for begins, row, line in zip(play.begins, rows[:-1], lines, strict=True):
        before = NOTHING_BEFORE if begins else digest
        digest = chain_hash(before, line)
        # The columns of the log end with the two hashes.
        yield f"{row}\t\\\\x{before.hex()}\t\\\\x{digest.hex()}\n"
