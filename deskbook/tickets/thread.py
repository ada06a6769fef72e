"""What was said and done on tickets, with names and files, in as few questions as it takes: every
ticket page asks it.

By hand, because rows of ten tables as objects cost a page more than PostgreSQL needs to find them.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

NEWEST = 2**62
"""Before this is everything: no id and no entry is as large."""
MOST_TEXT = 20_000
"""Characters of one message that a page shows; the whole of it has an address of its own."""
MOST_HTML = 100_000
"""Characters; a longer one is shown as its text."""
_ALL = 2**31 - 1
"""PostgreSQL keeps no longer text."""


class Kept(NamedTuple):
    """A file that came with a message; its bytes stay where they are."""

    id: int
    name: str
    content_id: str
    inline: bool
    size: int
    within: int | None
    """Id of the mail it came in, which is a file as well."""
    mail: tuple[str, datetime | None, str, str, str] | None
    """What it says if it is a mail: who wrote, when, the subject, the text and, where there is
    room, the HTML.
    """


class Said(NamedTuple):
    """One message as it is shown."""

    id: int
    ticket: str
    """The number of the ticket it was said on."""
    kind: str
    channel: str
    at: datetime
    text: str
    html: str
    quoted: str
    outsider: bool
    unofficial: bool
    unproven: str
    automatic: str
    mended: list[str]
    contact: int | None
    author: str
    """Empty for what the desk itself said."""
    whence: str
    """Address and organisation of who is not the requester, or not proven to be; empty for all
    others.
    """
    cut: bool
    """There is more of it than is shown here."""
    kept_back: bool
    """Not everybody who reads the case reads it."""
    files: tuple[Kept, ...]
    original: int | None = None
    """Id of the mail it came by, for whoever asks with what says so."""


class Done(NamedTuple):
    """One entry of the log, without its hashes."""

    seq: int
    kind: str
    actor: str
    at: datetime
    data: dict[str, Any]


def said_on(ticket_id: int, ids: Collection[int]) -> list[Said]:
    """Returns those of these messages that are of the ticket, in the order they were stored."""
    return _said("m.ticket_id = %s and m.id = any(%s)", [ticket_id, list(ids)])


def said_on_numbers(
    desk_id: int,
    numbers: Sequence[int],
    kinds: Sequence[str],
    newest: int,
    *,
    before: int = NEWEST,
    original: str = "null",
    whole: bool = False,
) -> list[Said]:
    """Returns the newest messages of these kinds on the tickets of a desk with these numbers,
    before a message's id; `original` and `whole` as for `saying`.
    """
    which = "t.desk_id = %s and t.number = any(%s) and m.kind = any(%s) and m.id < %s"
    asked = [desk_id, list(numbers), list(kinds), before]
    return _said(which, asked, newest, original=original, whole=whole)


def saying(which: str, *, original: str = "null", whole: bool = False) -> str:
    """Returns the statement that finds messages `m` on tickets `t`, whose rows are those of `Said`;
    `original` is what says by which mail one came. `whole` cuts nothing, however long it is.
    """
    text, html = (_ALL, _ALL) if whole else (MOST_TEXT, MOST_HTML)
    rows = _SAID.format(original=original, files=_files(text, html), text=text, html=html)
    return f"{rows} where {which} order by m.id desc"


def said_of(row: Sequence[Any]) -> Said:
    """Returns the message of a row of `saying`, as PostgreSQL gives it or as JSON."""
    at, files = row[_AT], tuple(map(_kept, _parsed(row[_FILES_AT])))
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    return Said._make((*row[:_AT], at, *row[_AT + 1 : _FILES_AT], files, *row[_FILES_AT + 1 :]))


_AT, _FILES_AT = Said._fields.index("at"), Said._fields.index("files")


def files_of(ids: Collection[int]) -> dict[int, tuple[Kept, ...]]:
    """Returns message → its files, for messages whose reader is known to be let read them."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select m.id, {_files(MOST_TEXT, MOST_HTML)} from deskbook_message m"
            " where m.id = any(%s)",
            [list(ids)],
        )
        found = cursor.fetchall()
    return {message: tuple(map(_kept, _parsed(files))) for message, files in found}


PROMISED = f"""
    select e.data ->> 'promise' as promise, left(m.text, {MOST_TEXT}) as text
    from deskbook_logentry e join deskbook_message m on m.id = (e.data ->> 'message')::bigint
    where e.kind = 'Promised' and e.ticket_id ="""
"""Finds promises with what was promised."""


def promised_on(*ticket_ids: int) -> dict[str, str]:
    """Returns promise → what was promised, of all these tickets."""
    with connection.cursor() as cursor:
        cursor.execute(f"{PROMISED} any(%s)", [list(ticket_ids)])
        return dict(cursor.fetchall())


def _files(most_text: int, most_html: int) -> str:
    return f"""
    (select json_agg(json_build_array(a.id, a.name, a.content_id, a.inline, b.size, a.within_id,
        case when x.file_id is not null then json_build_array(x.wrote, x.written_at, x.subject,
            left(x.text, {most_text}), case when length(x.html) <= {most_html} then x.html
                else '' end) end)
        order by a.id)
     from deskbook_attachment a join deskbook_blob b on b.sha256 = a.blob_id
        left join deskbook_carriedmail x on x.file_id = a.id
     where a.message_id = m.id)
"""


_SAID = """
    select m.id, d.prefix || '-' || t.number, m.kind, m.channel, m.at, left(m.text, {text}),
        case when length(m.html) <= {html} then m.html
            else '' end, left(m.quoted, {text}), m.outsider,
        m.unofficial, m.unproven, m.automatic, m.mended,
        m.author_contact_id,
        coalesce(nullif(u.name, ''), u.email, nullif(c.name, ''), '#' || c.id, ''),
        case when m.author_contact_id = t.requester_id and not m.outsider
            and m.unproven = '' then '' else
            concat_ws(', ', (select i.identifier from deskbook_contactidentity i
                where i.contact_id = coalesce(c.merged_into_id, c.id)
                    order by i.channel <> 'email', i.id limit 1),
                o.name) end,
        greatest(length(m.text), length(m.quoted)) > {text} or length(m.html) > {html},
        m.kept_from <> '{{}}', {files}, {original}
    from deskbook_message m
        join deskbook_ticket t on t.id = m.ticket_id
        join deskbook_helpdesk d on d.id = t.desk_id
        left join deskbook_user u on u.id = m.author_user_id
        left join deskbook_contact c on c.id = m.author_contact_id
        left join deskbook_organisation o on o.id = c.organisation_id
"""


def _said(
    which: str,
    parameters: list[Any],
    newest: int | None = None,
    *,
    original: str = "null",
    whole: bool = False,
) -> list[Said]:
    sql = f"{saying(which, original=original, whole=whole)} limit %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*parameters, newest])
        found = cursor.fetchall()[::-1]
    return [said_of(row) for row in found]


def _kept(file: list[Any]) -> Kept:
    if file[-1]:
        wrote, written_at, *words = file[-1]
        file[-1] = (wrote, datetime.fromisoformat(written_at) if written_at else None, *words)
    return Kept(*file)


def _parsed(files: Any) -> list[list[Any]]:
    # Django leaves jsonb as text and psycopg reads json: either comes here.
    return (json.loads(files) if isinstance(files, str) else files) or []
