"""Zendesk: the full export in JSON (a line a ticket, with its comments; users and organisations
beside it), and the pages its API answers, of Guide too.
<https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format>
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deskbook.moving.json_parts import leaving_out, objects_in, refuse_odd
from deskbook.moving.nouns import Article, Case, File, Kind, Organisation, Person, Said, attached
from deskbook.moving.parts import Parts, text_in
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in, instant_of, numbered
from deskbook.refusals.refusal import Refusal

Row = Mapping[str, Any]
CHANNEL = {"email": "Email", "web": "Portal", "voice": "Phone", "chat": "Chat"}
_PAGES = ("users", "organizations", "groups", "tickets", "articles", "translations")
_OBJECTS, _ROWS = ("via", "metric_set"), ("comments", "custom_fields", "fields", "collaborators")
_LISTS = ("tags", "collaborator_ids", "email_cc_ids", "domain_names", "label_names")
"""Which fields hold what."""
_ENDED = ("solved", "closed")


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what an export says."""
    groups = dict[str, str]()
    for place, row in _rows(parts, shelf):
        number = row.get("id") if isinstance(row, Mapping) and "subject" in row else ""
        with leaving_out(shelf, place, row, number):
            refuse_odd(row, objects=_OBJECTS, rows=_ROWS, lists=_LISTS)
            _take(row, place, shelf, zone, groups)


def _rows(parts: Parts, shelf: Shelf) -> Iterator[tuple[str, Row]]:
    """Yields each record with its place: people before the tickets that name them, articles before
    what they are in other languages.
    """
    names = [name for name in parts.names() if name.lower().endswith((".json", ".jsonl"))]
    names.sort(key=lambda name: bool(re.search("ticket|translation", name.lower())))
    for name in names or parts.names()[:1]:
        with text_in(parts, name) as text:
            for place, row in objects_in(text, name, shelf):
                pages = [row[page] for page in _PAGES if isinstance(row.get(page), list)]
                for one in (one for page in pages for one in page) if pages else [row]:
                    yield place, one


def _take(row: Row, place: str, shelf: Shelf, zone: str, groups: dict[str, str]) -> None:
    if "subject" in row and "status" in row:
        _ticket(row, place, shelf, zone, groups)
    elif "title" in row and "locale" in row:
        _article(row, place, shelf)
    elif "email" in row or "role" in row:
        shelf.person(_person(row))
    elif "domain_names" in row:
        shelf.organisation(_organisation(row))
    elif "name" in row:
        groups[str(row["id"])] = str(row["name"])
    else:
        why = Refusal("moving: unknown sort", name=", ".join(list(row)[:5]))
        shelf.left_out(place, why, str(row))


def _ticket(row: Row, place: str, shelf: Shelf, zone: str, groups: Mapping[str, str]) -> None:
    number = str(row["id"])
    if row["status"] == "deleted":
        why = Refusal("moving: thrown away", number=number)
        shelf.left_out(numbered(place, number), why, str(row["subject"]))
        return
    requester, owner = (_named(row, name, shelf) for name in ("requester", "assignee"))
    company = row.get("organization")
    if isinstance(company, Mapping):
        shelf.organisation(_organisation(company))
        shelf.person(Person(requester, organisation=str(company["id"])))
    case = Case(
        number,
        subject=str(row["subject"] or ""),
        requester=requester,
        opened_at=instant_of(row.get("created_at"), zone),
        ended_at=_ended_at(row, zone),
        changed_at=instant_of(row.get("updated_at"), zone),
        owner=owner,
        copied=_copied(row, shelf),
        tags=tuple(map(str, row.get("tags") or ())),
        channel=CHANNEL.get(str((row.get("via") or {}).get("channel")), ""),
        words=_words(row, groups),
    )
    shelf.ticket(number, case, place)
    comments = row.get("comments") or [
        {
            "id": "description",
            "author_id": requester,
            "body": row.get("description"),
            "created_at": row.get("created_at"),
        }
    ]
    for comment in comments:  # the first is what was asked
        with leaving_out(shelf, place, comment, number):
            refuse_odd(comment, rows=("attachments",))
            said = _said(comment, (requester, owner), shelf, zone)
            shelf.said(number, said, place, key=str(comment.get("id") or ""))


def _article(row: Row, place: str, shelf: Shelf) -> None:
    """A translation names the article it is of, which is one of its own translations. Whom a
    segment has is not in the export: what is for one is read by agents.
    """
    of, language = row.get("source_id"), str(row["locale"])
    if of and shelf.has_article(str(of), language):
        return
    article = Article(
        str(of or row["id"]),
        str(row["title"] or ""),
        html=str(row.get("body") or ""),
        language=language,
        readers="public" if "user_segment_id" in row and not row["user_segment_id"] else "agents",
        keywords=tuple(map(str, row.get("label_names") or ())),
        is_published=not row.get("draft"),
    )
    shelf.article(article, place)


def _copied(row: Row, shelf: Shelf) -> tuple[str, ...]:
    """Who is copied, each once, by their keys; an object says who that is."""
    for one in row.get("collaborators") or ():
        shelf.person(_person(one))
    named = [one["id"] for one in row.get("collaborators") or ()]
    listed = [*(row.get("collaborator_ids") or ()), *(row.get("email_cc_ids") or ()), *named]
    return tuple(dict.fromkeys(map(str, listed)))


def _said(row: Row, known: tuple[str, str], shelf: Shelf, zone: str) -> Said:
    requester, owner = known
    by = str(row.get("author_id") or requester)
    author = shelf.person_by(by)
    works_there = by != requester and (by == owner or (author is not None and author.works_there))
    kind: Kind = "answer" if works_there else "request"
    kind = kind if row.get("public", True) else "note"
    text = str(row.get("plain_body") or row.get("body") or "")
    html, at = str(row.get("html_body") or ""), instant_of(row.get("created_at"), zone)
    return Said(kind, by, at, text, html, tuple(_files(row)))


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


def _person(row: Row) -> Person:
    return Person(
        str(row["id"]),
        str(row.get("name") or ""),
        address_in(str(row.get("email") or "")),
        str(row.get("phone") or ""),
        str(row.get("organization_id") or ""),
        works_there=row.get("role") in ("agent", "admin"),
    )


def _organisation(row: Row) -> Organisation:
    domains = tuple(str(one) for one in row.get("domain_names") or ())
    return Organisation(str(row["id"]), str(row["name"]), domains)


def _words(row: Row, groups: Mapping[str, str]) -> dict[str, str]:
    group = row.get("group")
    named = group.get("name") if isinstance(group, Mapping) else None
    words: dict[str, object] = {
        "stage": row["status"],
        "severity": row.get("priority"),
        "team": named or groups.get(str(row.get("group_id"))),
        "type": row.get("type"),
        "tags": ", ".join(map(str, row.get("tags") or ())),
        "due": row.get("due_at"),
    }
    for one in row.get("custom_fields") or row.get("fields") or ():
        words[re.sub(r"\s+", " ", str(one.get("title") or one.get("id")))] = one.get("value")
    return {key: str(value) for key, value in words.items() if value not in (None, "", [], False)}


def _ended_at(row: Row, zone: str) -> Any:
    if row["status"] not in _ENDED:
        return None
    measured = row.get("metric_set") or {}
    return instant_of(measured.get("solved_at") or row.get("updated_at"), zone)
