"""A ticket's story as the database has it, asked for in one statement: every ticket page does."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection

from deskbook.delivery.what_became import Delivery
from deskbook.jobs.deliveries import Row, became, deliveries_of
from deskbook.tickets.thread import Done, Said, said_of, saying
from deskbook.web.console.ticket.originals import ORIGINAL

_SPOKEN_OF = """m.ticket_id = %(ticket)s and m.id in (
    select value::bigint from done, jsonb_each_text(data) where value ~ '^[0-9]{1,18}$'
)"""
"""Whatever may be the id of a message: what was written, a reason, a promise."""


class Story(NamedTuple):
    done: list[Done]
    said: list[Said]
    became: Mapping[int, list[Delivery]]
    """Seq of an entry → what became of the messages that left with it."""
    agents: Mapping[str, str]
    """Id → name of who did something of it."""


def story_of(ticket_id: int, newest: int, *, before: int, phone: str, whole: bool = False) -> Story:
    """Returns the newest entries of a ticket's log before one of them, the latest last, with what
    they speak of, long words cut unless the `whole` is asked for; what was said on the book's
    `phone` is written to nobody.
    """
    asked: dict[str, int | str] = {
        "ticket": ticket_id,
        "phone": phone,
        "before": before,
        "newest": newest,
    }
    with connection.cursor() as cursor:
        cursor.execute(_question(whole), asked)
        done, said, sent, agents = (rows or () for rows in cursor.fetchone())
    return Story(
        [Done(seq, kind, actor, _instant(at), data) for seq, kind, actor, at, data in done],
        [said_of(row) for row in said],
        deliveries_of(Row(*row[:9], *map(_instant, row[9:15]), *row[15:]) for row in sent),
        dict(agents),
    )


def _instant(at: str | None) -> Any:
    return at and datetime.fromisoformat(at)


@cache
def _question(whole: bool) -> str:
    rows = {
        "said": (saying(_SPOKEN_OF, original=ORIGINAL, whole=whole), len(Said._fields)),
        "became": (became("array(select seq from done)"), len(Row._fields)),
    }
    parts: dict[str, str] = {}
    for name, (sql, width) in rows.items():
        columns = ", ".join(f"c{n}" for n in range(width))
        array = f"json_build_array({columns})"
        parts |= {name: sql, f"{name}_columns": columns, f"{name}_as_array": array}
    return Path(__file__).with_name("story.sql").read_text().format(**parts)
