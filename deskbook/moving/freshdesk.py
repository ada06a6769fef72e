"""Freshdesk: the account export (JSON or XML, zipped) and what its API v2 answers, saved as it
came. <https://developers.freshdesk.com/api/>
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskbook.moving.json_parts import leaving_out, objects_in, refuse_odd
from deskbook.moving.nouns import Article, Case, File, Kind, Organisation, Person, Readers, Said
from deskbook.moving.parts import Parts, text_in
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in, instant_of, name_in, numbered
from deskbook.moving.xml_parts import records_in
from deskbook.refusals.refusal import Refusal

Row = Mapping[str, Any]
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
_OBJECTS = ("custom_fields", "custom_field", "stats", "ticket_states", "requester", "seo_data")
_ROWS = ("notes", "helpdesk_notes", "conversations", "attachments")
"""Which fields hold what."""
_ENDED = (4, 5)
_OF_ACCOUNT = re.compile(r"_\d+$")
"""What the export puts behind the names of a customer's own fields."""


@dataclass(slots=True)
class _Export:
    """An export as far as it was read: what goes by an id alone is small."""

    shelf: Shelf
    zone: str
    groups: dict[str, str] = field(default_factory=dict)
    folders: dict[str, tuple[str, Readers]] = field(default_factory=dict)
    """Of articles: what each is called, and who reads what is in it."""

    def at(self, text: object) -> datetime | None:
        return instant_of(text, self.zone)


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what an export says."""
    export = _Export(shelf, zone)
    for place, name, row in _rows(parts, shelf):
        number = row.get("display_id") or row.get("id") if "subject" in row else ""
        with leaving_out(shelf, place, row, number):
            refuse_odd(row, objects=_OBJECTS, rows=_ROWS, lists=("tags",))
            _take(export, name, row, place)


def _rows(parts: Parts, shelf: Shelf) -> Iterator[tuple[str, str, Row]]:
    """Yields place, sort and record: people, groups and folders before the
    tickets and articles that name them.
    """
    names = [name for name in parts.names() if name.lower().endswith((".json", ".xml", ".jsonl"))]
    names.sort(key=lambda name: bool(re.search("ticket|conversation|article", name.lower())))
    for name in names or parts.names()[:1]:
        for place, row in _rows_of(parts, name, shelf):
            inner = next(iter(row.values())) if len(row) == 1 else None
            if isinstance(inner, Mapping):
                yield place, str(next(iter(row))), inner
            else:
                yield place, "", row


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


def _take(export: _Export, name: str, row: Row, place: str) -> None:
    match _sort_of(name, row, place):
        case "ticket":
            _ticket(export, row, place)
        case "note":
            _note(export, str(row["ticket_id"]), row, place)
        case "company":
            export.shelf.organisation(_company(row))
        case "group":
            export.groups[str(row["id"])] = str(row["name"])
        case "person":
            export.shelf.person(_person(row))
        case "folder":
            readers = VISIBILITY.get(_number(row.get("visibility")), "agents")
            export.folders[str(row["id"])] = str(row["name"]), readers
        case "article":
            export.shelf.article(_article(export, row), place)
        case _:
            why = Refusal("moving: unknown sort", name=name or ", ".join(list(row)[:5]))
            export.shelf.left_out(place, why, str(row))


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
    ({"subject", "requester_id"}, "ticket"),
    ({"ticket_id", "body"}, "note"),
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
_IN_FILES = (("compan", "company"), ("group", "group"))
"""Of what has a name alone, how the file is called that it stands in."""


def _sort_of(name: str, row: Row, place: str) -> str:
    known = (sort for fields, sort in _KNOWN_BY if fields <= row.keys())
    file = place.rpartition(", ")[0].rpartition("/")[2].lower()
    named = (sort for part, sort in _IN_FILES if part in file and {"id", "name"} <= row.keys())
    return _NAMED.get(name) or next(known, "") or next(named, "")


def _ticket(export: _Export, row: Row, place: str) -> None:
    number = str(row.get("display_id") or row["id"])
    if row.get("spam") or row.get("deleted"):
        why = Refusal("moving: thrown away", number=number)
        export.shelf.left_out(numbered(place, number), why, str(row.get("subject") or ""))
        return
    requester = _known(export, row.get("requester_id"), row.get("requester"))
    text, html = _words(row, "description")
    opened_at = export.at(row.get("created_at"))
    case = Case(
        number,
        subject=str(row.get("subject") or ""),
        requester=requester,
        opened_at=opened_at,
        ended_at=_ended_at(export, row),
        changed_at=export.at(row.get("updated_at")),
        owner=_known(export, row.get("responder_id"), works_there=True),
        copied=tuple(_copied(export, row)),
        tags=tuple(_tag(one) for one in row.get("tags") or ()),
        channel=CHANNEL.get(_number(row.get("source")), ""),
        words=_said_of(export, row),
    )
    key = str(row["id"])
    export.shelf.ticket(key, case, place)
    opening = Said("request", requester, opened_at, text, html, tuple(_files(row)))
    export.shelf.said(key, opening, place, key="opening")
    for note in row.get("notes") or row.get("helpdesk_notes") or row.get("conversations") or ():
        inner = note.get("helpdesk_note", note)
        with leaving_out(export.shelf, place, inner, number):
            refuse_odd(inner, rows=("attachments",))
            _note(export, key, inner, place)


def _note(export: _Export, ticket: str, row: Row, place: str) -> None:
    kind: Kind = "note" if row.get("private") else "request" if row.get("incoming") else "answer"
    sender = str(row.get("from_email") or "")
    by = _known(export, row.get("user_id"), works_there=kind != "request", sender=sender)
    text, html = _words(row, "body")
    said = Said(kind, by, export.at(row.get("created_at")), text, html, tuple(_files(row)))
    export.shelf.said(ticket, said, place, key=str(row.get("id") or ""))


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


def _person(row: Row) -> Person:
    inner = row.get("contact")
    of = inner if isinstance(inner, Mapping) else row
    company = row.get("company_id") or row.get("customer_id")
    return Person(
        str(row["id"]),
        str(of.get("name") or ""),
        address_in(str(of.get("email") or "")),
        str(of.get("mobile") or of.get("phone") or ""),
        str(company or ""),
        works_there=inner is not None or bool(row.get("helpdesk_agent")),
    )


def _article(export: _Export, row: Row) -> Article:
    """A folder that is not in the export, or is for some companies alone, is read by agents."""
    folder, readers = export.folders.get(str(row["folder_id"]), ("", "agents"))
    return Article(
        str(row["id"]),
        str(row["title"] or ""),
        html=str(row.get("description") or ""),
        language=str(row.get("language") or ""),
        readers=readers,
        keywords=(*map(_tag, row.get("tags") or ()), folder),
        is_published=_number(row.get("status")) == 2,
    )


def _company(row: Row) -> Organisation:
    said = row.get("domains") or ()
    domains = said.split(",") if isinstance(said, str) else said
    return Organisation(
        str(row["id"]), str(row["name"]), tuple(str(one).strip() for one in domains)
    )


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
    said = states.get("closed_at") or states.get("resolved_at")
    if said or _number(row.get("status")) not in _ENDED:
        return export.at(said)
    return export.at(row.get("updated_at"))


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
        of = one.get("attachment", one)
        name = str(of.get("name") or of.get("content_file_name") or "file")
        id_ = of.get("id")
        yield File(
            name,
            str(of.get("content_type") or of.get("content_content_type") or ""),
            (f"attachments/{id_}/{name}", f"attachments/{id_}", f"attachments/{name}"),
            str(of.get("attachment_url") or of.get("url") or ""),
        )


def _number(said: object) -> int:
    return int(str(said)) if str(said).isdecimal() else 0
