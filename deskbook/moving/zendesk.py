"""Zendesk: the full export in JSON (a line a ticket, with its comments; users and organisations
beside it), and the pages its API answers, of Guide too.
<https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format>
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskbook.moving.json_parts import all_objects
from deskbook.moving.nouns import Article, Case, File, Kind, Organisation, Person, Said, attached
from deskbook.moving.parts import Parts
from deskbook.moving.records import Reading, Record, Row, Shape, take_all, unknown
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in
from deskbook.refusals.refusal import Refusal

CHANNEL = {"email": "Email", "web": "Portal", "voice": "Phone", "chat": "Chat"}
_PAGES = {
    "users": "person",
    "organizations": "organisation",
    "groups": "group",
    "tickets": "ticket",
    "articles": "article",
    "translations": "article",
}
"""What a page of the API has."""
_KNOWN_BY = (
    ("subject", "ticket"),
    ("email", "person"),
    ("role", "person"),
    ("locale", "article"),
    ("domain_names", "organisation"),
    ("name", "group"),
)
"""Of what stands in no page, which field says what it is, the first of them first."""
_SHAPE = Shape(
    objects=("via", "metric_set"),
    rows=("comments", "custom_fields", "fields", "collaborators", "attachments"),
    lists=("tags", "collaborator_ids", "email_cc_ids", "domain_names", "label_names"),
)
_ENDED = ("solved", "closed")


@dataclass(slots=True)
class _Export(Reading):
    groups: dict[str, str] = field(default_factory=dict)
    ticket: tuple[str, str, str] = ("", "", "")
    """Of the comments that are being taken: its number, who asked and who has it."""


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what an export says."""
    take_all(_Export(shelf, zone), _records(parts, shelf), _TAKES, _SHAPE)


def _records(parts: Parts, shelf: Shelf) -> Iterator[Record]:
    """Yields people before the tickets that name them, articles before what they are in other
    languages.
    """
    for _name, place, row in all_objects(parts, shelf, last="ticket|translation"):
        pages = [page for page in _PAGES if isinstance(row.get(page), list)]
        for page in pages:
            for number, one in enumerate(row[page]):
                yield _record(f"{place}, {page}[{number}]", _PAGES[page], one)
        if not pages:
            yield _record(place, "", row)


def _record(place: str, sort: str, row: Any) -> Record:
    sort = sort or next((sort for name, sort in _KNOWN_BY if name in row), "")
    is_ticket = sort == "ticket" and isinstance(row, Mapping)
    return Record(place, sort, row, str(row.get("id") or "") if is_ticket else "")


def _group(export: _Export, row: Row) -> None:
    export.groups[str(row["id"])] = str(row["name"])


def _ticket(export: _Export, row: Row) -> None:
    number, shelf = str(row["id"]), export.shelf
    if row.get("status") == "deleted":
        export.leave_out(Refusal("moving: thrown away", number=number), row.get("subject") or "")
        return
    requester, owner = (_named(row, name, shelf) for name in ("requester", "assignee"))
    company = row.get("organization")
    if isinstance(company, Mapping):
        _organisation(export, company)
        shelf.person(Person(requester, organisation=str(company["id"])))
    changed_at = export.at(row, "updated_at")
    case = Case(
        number,
        subject=str(row.get("subject") or ""),
        requester=requester,
        opened_at=export.at(row, "created_at"),
        ended_at=_ended_at(export, row, changed_at),
        changed_at=changed_at,
        owner=owner,
        copied=_copied(row, shelf),
        tags=tuple(map(str, row.get("tags") or ())),
        channel=CHANNEL.get(str((row.get("via") or {}).get("channel")), ""),
        words=_words(row, export.groups),
    )
    shelf.ticket(number, case, export.place)
    comments = row.get("comments") or [_description(row, case)]
    export.ticket = number, requester, owner
    take_all(export, export.inside("comment", "comments", comments), {"comment": _comment}, _SHAPE)


def _description(row: Row, case: Case) -> Row:
    """What was asked, where a ticket has no comments, of which it is the first."""
    said = {"body": row.get("description"), "created_at": case.opened_at}
    return {"id": "description", "author_id": case.requester, **said}


def _article(export: _Export, row: Row) -> None:
    """A translation names the article it is of, which is one of its own translations. Whom a
    segment has is not in the export: what is for one is read by agents.
    """
    of, language = row.get("source_id"), str(row.get("locale") or "")
    if of and export.shelf.has_article(str(of), language):
        return
    article = Article(
        str(of or row["id"]),
        str(row.get("title") or ""),
        html=str(row.get("body") or ""),
        language=language,
        readers="public" if "user_segment_id" in row and not row["user_segment_id"] else "agents",
        keywords=tuple(map(str, row.get("label_names") or ())),
        is_published=not row.get("draft"),
    )
    export.shelf.article(article, export.place)


def _copied(row: Row, shelf: Shelf) -> tuple[str, ...]:
    """Who is copied, each once, by their keys; an object says who that is."""
    for one in row.get("collaborators") or ():
        shelf.person(_person(one))
    named = [one["id"] for one in row.get("collaborators") or ()]
    listed = [*(row.get("collaborator_ids") or ()), *(row.get("email_cc_ids") or ()), *named]
    return tuple(dict.fromkeys(map(str, listed)))


def _comment(export: _Export, row: Row) -> None:
    number, requester, owner = export.ticket
    by = str(row.get("author_id") or requester)
    author = export.shelf.person_by(by)
    works_there = by != requester and (by == owner or (author is not None and author.works_there))
    kind: Kind = "answer" if works_there else "request"
    kind = kind if row.get("public", True) else "note"
    text = str(row.get("plain_body") or row.get("body") or "")
    html, at = str(row.get("html_body") or ""), export.at(row, "created_at")
    said = Said(kind, by, at, text, html, tuple(_files(row)))
    export.shelf.said(number, said, export.place, key=str(row.get("id") or ""))


def _files(row: Row) -> Iterator[File]:
    for one in row.get("attachments") or ():
        name, id_ = str(one.get("file_name") or "file"), one.get("id")
        kind = str(one.get("content_type") or "application/octet-stream")
        yield File(name, kind, attached(id_, name), str(one.get("content_url") or ""))


def _named(row: Row, name: str, shelf: Shelf) -> str:
    """Keeps who a ticket names, by an object or an id alone, and returns their key."""
    person = row.get(name)
    if isinstance(person, Mapping) and person.get("id"):
        shelf.person(_person(person))
        return str(person["id"])
    key = str(row.get(f"{name}_id") or "")
    if key:
        shelf.person(Person(key))
    return key


def _user(export: _Export, row: Row) -> None:
    export.shelf.person(_person(row))


def _person(row: Row) -> Person:
    return Person(
        str(row["id"]),
        str(row.get("name") or ""),
        address_in(str(row.get("email") or "")),
        str(row.get("phone") or ""),
        str(row.get("organization_id") or ""),
        works_there=row.get("role") in ("agent", "admin"),
    )


def _organisation(export: _Export, row: Row) -> None:
    said = row.get("domain_names")
    domains = tuple(map(str, said)) if isinstance(said, list) else ()
    export.shelf.organisation(Organisation(str(row["id"]), str(row["name"]), domains))


def _words(row: Row, groups: Mapping[str, str]) -> dict[str, str]:
    group = row.get("group")
    named = group.get("name") if isinstance(group, Mapping) else None
    words: dict[str, object] = {
        "stage": row.get("status"),
        "severity": row.get("priority"),
        "team": named or groups.get(str(row.get("group_id"))),
        "type": row.get("type"),
        "tags": ", ".join(map(str, row.get("tags") or ())),
        "due": row.get("due_at"),
    }
    for one in row.get("custom_fields") or row.get("fields") or ():
        words[re.sub(r"\s+", " ", str(one.get("title") or one.get("id")))] = one.get("value")
    return {key: str(value) for key, value in words.items() if value not in (None, "", [], False)}


def _ended_at(export: _Export, row: Row, changed_at: datetime | None) -> datetime | None:
    if row.get("status") not in _ENDED:
        return None
    return export.at(row.get("metric_set") or {}, "solved_at") or changed_at


_TAKES = {
    "ticket": _ticket,
    "article": _article,
    "person": _user,
    "organisation": _organisation,
    "group": _group,
    "": unknown,
}
"""Sort → what a record of it is."""
