"""django-helpdesk: what `manage.py dumpdata helpdesk auth.user` writes, an object a row.
<https://github.com/django-helpdesk/django-helpdesk/blob/main/src/helpdesk/models.py>
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from deskbook.moving.json_parts import all_objects
from deskbook.moving.nouns import Article, Case, File, Kind, Person, Said
from deskbook.moving.parts import Parts
from deskbook.moving.records import Reading, Record, Row, take_all
from deskbook.moving.shelf import Shelf
from deskbook.moving.values import address_in

STATUS = {1: "Open", 2: "Reopened", 3: "Resolved", 4: "Closed", 5: "Duplicate"}
PRIORITY = {1: "Critical", 2: "High", 3: "Normal", 4: "Low", 5: "Very Low"}
_ENDED = (3, 4, 5)


@dataclass(slots=True)
class _Dump(Reading):
    """What goes by an id alone is small, and kept at hand."""

    queues: dict[str, str] = field(default_factory=dict)
    categories: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Of articles: what each is called, and whether everybody reads what is in it."""
    fields: dict[str, str] = field(default_factory=dict)
    submitters: dict[str, str] = field(default_factory=dict)
    files: dict[str, list[File]] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)
    """Ticket → field of one's own → value."""
    copied: dict[str, list[str]] = field(default_factory=dict)


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what a dump says: what tickets name before the tickets, in two readings, as
    rows stand in any order.
    """
    dump = _Dump(shelf, zone)
    take_all(dump, _records(parts, shelf), _FIRST)
    take_all(dump, _records(parts, None), _SECOND)


def _records(parts: Parts, shelf: Shelf | None) -> Iterator[Record]:
    """Yields each row with its key among its fields."""
    for _name, place, row in all_objects(parts, shelf):
        model, fields = str(row.get("model", "")).lower(), row.get("fields")
        if isinstance(fields, Mapping):
            of, key = str(fields.get("ticket") or ""), str(row.get("pk") or "")
            number = key if model == "helpdesk.ticket" else of
            yield Record(place, model, {**fields, "pk": key}, number)
        else:
            yield Record(place, model, fields)


def _user(dump: _Dump, row: Row) -> None:
    name = f"{row.get('first_name') or ''} {row.get('last_name') or ''}".strip()
    address = address_in(str(row.get("email") or ""))
    called = name or str(row.get("username") or "")
    works_there = bool(row.get("is_staff"))
    dump.shelf.person(Person(f"user {row['pk']}", called, address, works_there=works_there))


def _queue(dump: _Dump, row: Row) -> None:
    dump.queues[row["pk"]] = str(row["title"])


def _category(dump: _Dump, row: Row) -> None:
    dump.categories[row["pk"]] = str(row.get("name") or row["title"]), bool(row.get("public", True))


def _item(dump: _Dump, row: Row) -> None:
    """Answers are Markdown there too."""
    category, public = dump.categories.get(str(row["category"]), ("", False))
    article = Article(
        row["pk"],
        str(row.get("title") or row["question"]),
        markdown=str(row["answer"]),
        readers="public" if public else "agents",
        keywords=(category,),
        is_published=bool(row.get("enabled", True)),
    )
    dump.shelf.article(article, dump.place)


def _field(dump: _Dump, row: Row) -> None:
    dump.fields[row["pk"]] = str(row.get("label") or row["name"])


def _value(dump: _Dump, row: Row) -> None:
    of = dump.said.setdefault(str(row["ticket"]), {})
    of[str(row["field"])] = str(row.get("value") or "")


def _copy(dump: _Dump, row: Row) -> None:
    address = address_in(str(row.get("email") or ""))
    who = f"user {row['user']}" if row.get("user") else address
    if who:
        dump.shelf.person(Person(who, address=address))
        dump.copied.setdefault(str(row["ticket"]), []).append(who)


def _attachment(dump: _Dump, row: Row) -> None:
    path = str(row["file"])
    name = str(row.get("filename") or path.rpartition("/")[2])
    lies_at = (path, f"media/{path}", f"attachments/{row['pk']}/{name}", f"attachments/{name}")
    file = File(name, str(row.get("mime_type") or ""), lies_at, path)
    dump.files.setdefault(str(row["followup"]), []).append(file)


def _ticket(dump: _Dump, row: Row) -> None:
    key, address = row["pk"], address_in(str(row.get("submitter_email") or ""))
    dump.submitters[key] = address
    if address:
        dump.shelf.person(Person(address, address=address))
    opened_at, changed_at = dump.at(row, "created"), dump.at(row, "modified")
    owner = f"user {row['assigned_to']}" if row.get("assigned_to") else ""
    case = Case(
        key,
        subject=str(row.get("title") or ""),
        requester=address,
        opened_at=opened_at,
        ended_at=changed_at if row.get("status") in _ENDED else None,
        changed_at=changed_at,
        owner=owner,
        copied=tuple(dump.copied.get(key, ())),
        words=_words(dump, key, row),
    )
    dump.shelf.ticket(key, case, dump.place)
    text = str(row.get("description") or "")
    dump.shelf.said(key, Said("request", address, opened_at, text), dump.place, key="opening")


def _followup(dump: _Dump, row: Row) -> None:
    """What nobody wrote (that a status changed) is a note with its title."""
    key, ticket, words = row["pk"], str(row["ticket"]), str(row.get("comment") or "")
    user = f"user {row['user']}" if row.get("user") else ""
    kind = _kind(dump, user) if row.get("public") and words else "note"
    by = user or (dump.submitters.get(ticket, "") if kind == "request" else "")
    text = words or str(row.get("title") or "")
    if kind == "note" and _kind(dump, user) == "request":
        text, by = _named(dump, text, user), ""
    said = Said(kind, by, dump.at(row, "date"), text, files=tuple(dump.files.get(key, ())))
    dump.shelf.said(ticket, said, dump.place, key=key)


def _kind(dump: _Dump, user: str) -> Kind:
    """Customers who were signed in are users as staff are."""
    person = dump.shelf.person_by(user)
    return "answer" if person and person.works_there else "request"


def _named(dump: _Dump, text: str, user: str) -> str:
    """Returns what a customer did without a word, with who they are: no agent stands for them."""
    person = dump.shelf.person_by(user)
    return f"{text}\n{(person and person.name) or user}".strip()


def _words(dump: _Dump, key: str, row: Row) -> dict[str, str]:
    status, priority = row.get("status"), row.get("priority")
    words: dict[str, object] = {
        "stage": STATUS.get(status, status) if isinstance(status, int) else status,
        "severity": PRIORITY.get(priority, priority) if isinstance(priority, int) else priority,
        "team": dump.queues.get(str(row.get("queue"))),
        "due": row.get("due_date"),
        "resolution": row.get("resolution"),
        "merged into": row.get("merged_to"),
    }
    own = dump.said.get(key, {})
    words |= {dump.fields.get(number, number): value for number, value in own.items()}
    return {name: str(said) for name, said in words.items() if said not in (None, "")}


_FIRST = {
    "auth.user": _user,
    "helpdesk.queue": _queue,
    "helpdesk.kbcategory": _category,
    "helpdesk.customfield": _field,
    "helpdesk.ticketcustomfieldvalue": _value,
    "helpdesk.ticketcc": _copy,
    "helpdesk.followupattachment": _attachment,
    "helpdesk.attachment": _attachment,
}
_SECOND = {
    "helpdesk.ticket": _ticket,
    "helpdesk.followup": _followup,
    "helpdesk.kbitem": _item,
}
"""Model → what a row of it is, in the two readings."""
