"""Zammad: what its REST API answers for tickets, their articles, users and organizations, saved as
it came; with `expand=true` (names beside ids) or `full=true` (ids, and assets beside them).
<https://docs.zammad.org/en/latest/api/ticket/index.html>
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from deskbook.moving.json_parts import all_objects
from deskbook.moving.nouns import Case, File, Kind, Organisation, Person, Said, attached
from deskbook.moving.parts import Parts
from deskbook.moving.records import Reading, Record, Row, Shape, take_all, unknown
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in, name_in

STATES = {"1": "new", "2": "open", "3": "pending reminder", "4": "closed", "5": "merged"}
PRIORITIES = {"1": "1 low", "2": "2 normal", "3": "3 high"}
"""As every Zammad begins; an export that names its own goes before."""
CHANNEL = {"email": "Email", "phone": "Phone", "web": "Portal", "chat": "Chat"}
_NAMES = ("group", "state", "priority", "organization")
_ASSETS = {
    "Group": "group",
    "TicketState": "state",
    "TicketPriority": "priority",
    "Organization": "organization",
    "User": "user",
    "Ticket": "ticket",
    "TicketArticle": "article",
}
_SHAPE = Shape(
    objects=("preferences",),
    rows=("articles", "attachments"),
    lists=("tags", "roles", "role_ids"),
)
_WORKS = ("Agent", "Admin", "1", "2")
"""Roles of who works there, by name or by the number they begin with."""


@dataclass(slots=True)
class _Export(Reading):
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """Sort and id → name, of what goes by an id alone."""


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what an export says: people and names in a first reading, tickets in a
    second.
    """
    export = _Export(shelf, zone)
    take_all(export, _records(parts, shelf), _FIRST, _SHAPE)
    take_all(export, _records(parts, None), _SECOND, _SHAPE)


def _records(parts: Parts, shelf: Shelf | None) -> Iterator[Record]:
    """Yields each record; what `full=true` answers is taken apart."""
    for name, place, row in all_objects(parts, shelf):
        assets = row.get("assets")
        if not isinstance(assets, Mapping):
            yield _record(place, _sort_of(row, name), row)
            continue
        for model, rows in assets.items():
            for key, one in rows.items() if isinstance(rows, Mapping) else ():
                sort = _ASSETS.get(str(model), "other")
                yield _record(f"{place}, {model}[{key}]", sort, one)


def _record(place: str, sort: str, row: Any) -> Record:
    said = row if isinstance(row, Mapping) else {}
    number = said.get("number") if sort == "ticket" else ""
    return Record(place, sort, row, str(number or ""), str(said.get("ticket_id") or ""))


def _sort_of(row: Row, name: str) -> str:
    if "ticket_id" in row and "body" in row:
        return "article"
    if "number" in row:
        return "ticket"
    if "login" in row or "firstname" in row:
        return "user"
    if "domain_assignment" in row or "member_ids" in row:
        return "organization"
    file = name.rpartition("/")[2].lower()
    return next((sort for sort in _NAMES if sort[:-1] in file and "name" in row), "")


def _named(sort: str) -> Any:
    def keep(export: _Export, row: Row) -> None:
        export.names[sort, str(row["id"])] = str(row["name"])

    return keep


def _organization(export: _Export, row: Row) -> None:
    domain = str(row.get("domain") or "")
    export.names["organization", str(row["id"])] = str(row["name"])
    export.shelf.organisation(
        Organisation(str(row["name"]), str(row["name"]), (domain,) if domain else ())
    )


def _text(row: Row, *names: str) -> str:
    """Returns the first of these fields that says anything."""
    return next((str(row[name]) for name in names if row.get(name)), "")


def _user(export: _Export, row: Row) -> None:
    """Known by their id; their login and address lead to it, as `expand=true` names them so."""
    key, login, address = str(row["id"]), _text(row, "login"), address_in(_text(row, "email"))
    for said in (login, address):
        export.names["user", said.lower()] = key
    roles = {str(one) for name in ("roles", "role_ids") for one in row.get(name) or ()}
    name = f"{_text(row, 'firstname')} {_text(row, 'lastname')}".strip()
    export.shelf.person(
        Person(
            key,
            name or login,
            address,
            _text(row, "mobile", "phone"),
            _text(row, "organization", "organization_id"),
            works_there=not roles.isdisjoint(_WORKS),
        )
    )


def _who(export: _Export, row: Row, column: str, *, works_there: bool = False) -> str:
    """Returns the key of who a record names by an id, a login or an address; "" for nobody."""
    said = row.get(column)
    if isinstance(said, str) and said not in ("", "-"):
        key = export.names.get(("user", said.lower()), said)
        export.shelf.person(Person(key, address=address_in(said), works_there=works_there))
        return key
    id_ = row.get(f"{column}_id")
    if not id_ or str(id_) == "1":  # the system itself
        return ""
    export.shelf.person(Person(str(id_), works_there=works_there))
    return str(id_)


def _ticket(export: _Export, row: Row) -> None:
    key = str(row["id"])
    customer = _who(export, row, "customer")
    company = _word(export, row, "organization")
    if customer and company:
        export.shelf.organisation(Organisation(company, company))
        export.shelf.person(Person(customer, organisation=company))
    case = Case(
        str(row["number"]),
        subject=str(row.get("title") or ""),
        requester=customer,
        opened_at=export.at(row, "created_at"),
        ended_at=export.at(row, "last_close_at") or export.at(row, "close_at"),
        changed_at=export.at(row, "updated_at"),
        owner=_who(export, row, "owner", works_there=True),
        tags=tuple(map(str, row.get("tags") or ())),
        channel=CHANNEL.get(str(row.get("create_article_type") or ""), ""),
        words=_words(export, row),
    )
    export.shelf.ticket(key, case, export.place)
    said = [{"ticket_id": key, **one} for one in row.get("articles") or ()]
    take_all(export, export.inside("article", "articles", said), {"article": _article}, _SHAPE)


def _article(export: _Export, row: Row) -> None:
    kind = _kind(row)
    body, is_html = _text(row, "body"), "html" in _text(row, "content_type")
    text, html = ("", body) if is_html else (body, "")
    at, by = export.at(row, "created_at"), _writer(export, row, kind)
    said = Said(kind, by, at, text, html, tuple(_files(row)))
    export.shelf.said(str(row["ticket_id"]), said, export.place, key=_text(row, "id"))


def _kind(row: Row) -> Kind:
    """What is internal, or the system's, is a note."""
    sender = _text(row, "sender") or {"1": "Agent", "2": "Customer"}.get(_text(row, "sender_id"))
    said: Mapping[str | None, Kind] = {"Agent": "answer", "Customer": "request"}
    return "note" if row.get("internal") else said.get(sender, "note")


def _writer(export: _Export, row: Row, kind: Kind) -> str:
    by, wrote = _who(export, row, "created_by", works_there=kind != "request"), _text(row, "from")
    address = address_in(wrote)
    if by or kind != "request" or not address:
        return by
    export.shelf.person(Person(address, name_in(wrote), address))
    return address


def _files(row: Row) -> Iterator[File]:
    for one in row.get("attachments") or ():
        id_, name = one.get("id"), str(one.get("filename") or "file")
        said = one.get("preferences")
        said = said if isinstance(said, Mapping) else {}
        kind = str(said.get("Mime-Type") or said.get("Content-Type") or "")
        address = f"api/v1/ticket_attachment/{row.get('ticket_id')}/{row.get('id')}/{id_}"
        yield File(name, kind, attached(id_, name), address)


_LEFT_TO_OTHERS = (
    *("id", "number", "title", "articles", "tags", "created_at", "updated_at", "close_at"),
    *("customer", "owner", "group", "state", "priority", "organization", "last_close_at"),
    *("preferences", "article_ids", "article_count", "created_by", "updated_by"),
)


def _words(export: _Export, row: Row) -> dict[str, str]:
    """What Zammad says of it: states, priorities and groups by name, and fields of one's own."""
    words: dict[str, object] = {
        "stage": _word(export, row, "state") or STATES.get(str(row.get("state_id"))),
        "severity": _word(export, row, "priority") or PRIORITIES.get(str(row.get("priority_id"))),
        "team": _word(export, row, "group"),
        "tags": ", ".join(map(str, row.get("tags") or ())),
    }
    others = (name for name in row if name not in _LEFT_TO_OTHERS and not name.endswith("_id"))
    words |= {name: row[name] for name in others if isinstance(row[name], str | int | float)}
    return {name: str(said) for name, said in words.items() if said not in (None, "", False)}


def _word(export: _Export, row: Row, name: str) -> str:
    said = row.get(name)
    if isinstance(said, str):
        return said
    return export.names.get((name, str(row.get(f"{name}_id"))), "")


_FIRST = {
    "group": _named("group"),
    "state": _named("state"),
    "priority": _named("priority"),
    "organization": _organization,
    "user": _user,
}
_SECOND = {"ticket": _ticket, "article": _article, "": unknown}
"""Sort → what a record of it is, in the two readings."""
