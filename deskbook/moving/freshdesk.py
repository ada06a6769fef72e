"""Freshdesk: the account export (JSON or XML, zipped) and what its API v2 answers, saved as it
came. <https://developers.freshdesk.com/api/>
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from deskbook.moving.json_parts import objects_in
from deskbook.moving.nouns import (
    Article,
    Case,
    File,
    Kind,
    Organisation,
    Person,
    Readers,
    Said,
    attached,
)
from deskbook.moving.parts import Parts, text_in
from deskbook.moving.records import Reading, Record, Row, Shape, take_all, unknown
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in, name_in
from deskbook.moving.xml_parts import records_in
from deskbook.refusals.refusal import Refusal

STATUS = {
    2: "Open",
    3: "Pending",
    4: "Resolved",
    5: "Closed",
    6: "Waiting on Customer",
    7: "Waiting on Third Party",
}
PRIORITY = {1: "Low", 2: "Medium", 3: "High", 4: "Urgent"}
CHANNEL = {1: "Email", 2: "Portal", 3: "Phone", 7: "Chat", 9: "Portal", 10: "Email"}
VISIBILITY: Mapping[int, Readers] = {1: "public", 2: "requesters", 3: "agents"}
_SHAPE = Shape(
    objects=("custom_fields", "custom_field", "stats", "ticket_states", "requester"),
    rows=("notes", "helpdesk_notes", "conversations", "attachments"),
    lists=("tags",),
)
_ENDED = (4, 5)
_OF_ACCOUNT = re.compile(r"_\d+$")
"""What the export puts behind the names of a customer's own fields."""


@dataclass(slots=True)
class _Export(Reading):
    """What goes by an id alone is small, and kept at hand."""

    groups: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, Readers]] = field(default_factory=dict)
    """Of articles: what each is called, and who reads what is in it."""


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what an export says."""
    take_all(_Export(shelf, zone), _records(parts, shelf), _TAKES, _SHAPE)


def _records(parts: Parts, shelf: Shelf) -> Iterator[Record]:
    """Yields people, groups and folders before the tickets and articles that name them."""
    names = [name for name in parts.names() if name.lower().endswith((".json", ".xml", ".jsonl"))]
    names.sort(key=lambda name: bool(re.search("ticket|conversation|article", name.lower())))
    for name in names or parts.names()[:1]:
        for place, found in _rows_of(parts, name, shelf):
            called, row = _named(found)
            sort = _sort_of(called, row, name)
            number = _number_of(row) if sort == "ticket" else ""
            yield Record(place, sort, row, number, str(row.get("ticket_id") or ""))


def _named(found: Row) -> tuple[str, Row]:
    """Returns a record, and what it is called where it stands by a name."""
    for name, inner in found.items() if len(found) == 1 else ():
        if isinstance(inner, Mapping):
            return name, inner
    return "", found


def _number_of(row: Row) -> str:
    return str(row.get("display_id") or row.get("id") or "")


def _rows_of(parts: Parts, name: str, shelf: Shelf) -> Iterator[tuple[str, Row]]:
    with parts.open(name) as file:
        is_xml = file.read(200).lstrip(b"\xef\xbb\xbf \r\n").startswith(b"<")
    if not is_xml:
        with text_in(parts, name) as text:
            yield from objects_in(text, name, shelf)
        return
    with parts.open(name) as file:
        for place, row in records_in(file, name):
            if isinstance(row, Refusal):
                shelf.left_out(place, row)
            else:
                yield place, row


_NAMED = {
    "helpdesk_ticket": "ticket",
    "customer": "company",
    "company": "company",
    "group": "group",
    "user": "person",
    "agent": "person",
    "contact": "person",
    "solution_folder": "folder",
    "solution_article": "article",
}
_KNOWN_BY = (
    ({"ticket_id", "body"}, "note"),
    ({"subject"}, "ticket"),
    ({"title", "folder_id"}, "article"),
    ({"name", "visibility"}, "folder"),
    ({"domains"}, "company"),
    ({"agent_ids"}, "group"),
    ({"escalate_to"}, "group"),
    ({"unassigned_for"}, "group"),
    ({"email"}, "person"),
    ({"contact"}, "person"),
)
"""Of what the API answers, which fields say what it is."""
_IN_FILES = (
    ("compan", "company", "name"),
    ("group", "group", "name"),
    ("ticket", "ticket", "status"),
    ("article", "article", "title"),
)
"""Of what has few fields, how the file is called that it stands in, and the field it has then."""


def _sort_of(called: str, row: Row, name: str) -> str:
    known = (sort for fields, sort in _KNOWN_BY if fields <= row.keys())
    file = name.rpartition("/")[2].lower()
    named = (sort for part, sort, has in _IN_FILES if part in file and {"id", has} <= row.keys())
    return _NAMED.get(called) or next(known, "") or next(named, "")


def _ticket(export: _Export, row: Row) -> None:
    number = _number_of(row) or str(row["id"])
    if row.get("spam") or row.get("deleted"):
        export.leave_out(Refusal("moving: thrown away", number=number), row.get("subject") or "")
        return
    requester = _known(export, row.get("requester_id"), row.get("requester"))
    text, html = _words(row, "description")
    opened_at, changed_at = export.at(row, "created_at"), export.at(row, "updated_at")
    case = Case(
        number,
        subject=str(row.get("subject") or ""),
        requester=requester,
        opened_at=opened_at,
        ended_at=_ended_at(export, row) or (changed_at if _is_over(row) else None),
        changed_at=changed_at,
        owner=_known(export, row.get("responder_id"), works_there=True),
        copied=tuple(_copied(export, row)),
        tags=tuple(_tag(one) for one in row.get("tags") or ()),
        channel=CHANNEL.get(_number(row.get("source")), ""),
        words=_said_of(export, row),
    )
    key = str(row.get("id") or number)
    export.shelf.ticket(key, case, export.place)
    opening = Said("request", requester, opened_at, text, html, tuple(_files(row)))
    export.shelf.said(key, opening, export.place, key="opening")
    _take_what_follows(export, row, key)


def _take_what_follows(export: _Export, row: Row, key: str) -> None:
    for name in ("notes", "helpdesk_notes", "conversations"):
        said = [one.get("helpdesk_note", one) for one in row.get(name) or ()]
        notes = [{"ticket_id": key, **one} if isinstance(one, Mapping) else one for one in said]
        take_all(export, export.inside("note", name, notes), {"note": _note}, _SHAPE)


def _note(export: _Export, row: Row) -> None:
    kind: Kind = "note" if row.get("private") else "request" if row.get("incoming") else "answer"
    sender = str(row.get("from_email") or "")
    by = _known(export, row.get("user_id"), works_there=kind != "request", sender=sender)
    text, html = _words(row, "body")
    said = Said(kind, by, export.at(row, "created_at"), text, html, tuple(_files(row)))
    key = str(row.get("id") or "")
    export.shelf.said(str(row["ticket_id"]), said, export.place, key=key)


def _known(
    export: _Export,
    key: object,
    said: object = None,
    *,
    works_there: bool = False,
    sender: str = "",
) -> str:
    """Keeps what a record says of a person and returns their key."""
    person = said if isinstance(said, Mapping) else {}
    known = str(key or person.get("id") or address_in(sender))
    if known:
        address = address_in(str(person.get("email") or "")) or address_in(sender)
        name = str(person.get("name") or name_in(sender))
        # The sender of an answer is the desk's own address, not its writer's.
        address = "" if works_there and sender else address
        name = "" if works_there and sender else name
        export.shelf.person(Person(known, name, address, works_there=works_there))
    return known


def _group(export: _Export, row: Row) -> None:
    export.groups[str(row["id"])] = str(row["name"])


def _folder(export: _Export, row: Row) -> None:
    readers = VISIBILITY.get(_number(row.get("visibility")), "agents")
    export.folders[str(row["id"])] = str(row["name"]), readers


def _person(export: _Export, row: Row) -> None:
    inner = row.get("contact")
    of = inner if isinstance(inner, Mapping) else row
    company = row.get("company_id") or row.get("customer_id")
    person = Person(
        str(row["id"]),
        str(of.get("name") or ""),
        address_in(str(of.get("email") or "")),
        str(of.get("mobile") or of.get("phone") or ""),
        str(company or ""),
        works_there=inner is not None or bool(row.get("helpdesk_agent")),
    )
    export.shelf.person(person)


def _article(export: _Export, row: Row) -> None:
    """A folder that is not in the export, or is for some companies alone, is read by agents."""
    folder, readers = export.folders.get(str(row.get("folder_id")), ("", "agents"))
    article = Article(
        str(row["id"]),
        str(row.get("title") or ""),
        html=str(row.get("description") or ""),
        language=str(row.get("language") or ""),
        readers=readers,
        keywords=(*map(_tag, row.get("tags") or ()), folder),
        is_published=_number(row.get("status")) == 2,
        files=tuple(_files(row)),
    )
    export.shelf.article(article, export.place)


def _company(export: _Export, row: Row) -> None:
    said = row.get("domains") or ()
    domains = said.split(",") if isinstance(said, str) else said
    named = tuple(str(one).strip() for one in domains)
    export.shelf.organisation(Organisation(str(row["id"]), str(row["name"]), named))


def _said_of(export: _Export, row: Row) -> dict[str, str]:
    """What Freshdesk says of a ticket, in its words."""
    status, priority = _number(row.get("status")), _number(row.get("priority"))
    group = row.get("group_name") or export.groups.get(str(row.get("group_id")))
    words: dict[str, object] = {
        "stage": row.get("status_name") or STATUS.get(status, row.get("status")),
        "severity": row.get("priority_name") or PRIORITY.get(priority, row.get("priority")),
        "team": group,
        "type": row.get("type") or row.get("ticket_type"),
        "tags": ", ".join(_tag(one) for one in row.get("tags") or ()),
        "due": row.get("due_by"),
    }
    own = row.get("custom_fields") or row.get("custom_field") or {}
    words |= {_OF_ACCOUNT.sub("", key): value for key, value in own.items()}
    return {key: str(value) for key, value in words.items() if value not in (None, "", [], {})}


def _tag(one: object) -> str:
    return str(one.get("name")) if isinstance(one, Mapping) else str(one)


def _ended_at(export: _Export, row: Row) -> datetime | None:
    states = row.get("stats") or row.get("ticket_states") or {}
    return export.at(states, "closed_at") or export.at(states, "resolved_at")


def _is_over(row: Row) -> bool:
    return _number(row.get("status")) in _ENDED


def _copied(export: _Export, row: Row) -> Iterator[str]:
    said = row.get("cc_emails") or row.get("cc_email") or ()
    if isinstance(said, Mapping):
        said = said.get("cc_emails") or ()
    for one in [said] if isinstance(said, str) else said:
        if address := address_in(str(one)):
            export.shelf.person(Person(address, name_in(str(one)), address))
            yield address


def _words(row: Row, name: str) -> tuple[str, str]:
    """Returns text and HTML: the API names the HTML plainly, the export the text."""
    if f"{name}_text" in row:
        return str(row[f"{name}_text"] or ""), str(row.get(name) or "")
    return str(row.get(name) or ""), str(row.get(f"{name}_html") or "")


def _files(row: Row) -> Iterator[File]:
    for one in row.get("attachments") or ():
        inner = one.get("attachment")
        of = inner if isinstance(inner, Mapping) else one
        name = str(of.get("name") or of.get("content_file_name") or "file")
        kind = str(of.get("content_type") or of.get("content_content_type") or "")
        address = str(of.get("attachment_url") or of.get("url") or "")
        yield File(name, kind, attached(of.get("id"), name), address)


def _number(said: object) -> int:
    return int(str(said)) if str(said).isdecimal() else 0


_TAKES = {
    "ticket": _ticket,
    "note": _note,
    "company": _company,
    "group": _group,
    "person": _person,
    "folder": _folder,
    "article": _article,
    "": unknown,
}
"""Sort → what a record of it is."""
