"""osTicket: a dump of its database (mysqldump or phpMyAdmin), or its tables as CSV, a file each.
<https://github.com/osTicket/osTicket/blob/develop/setup/inc/streams/core/install-mysql.sql>
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from deskbook.moving.csv_file import rows_of
from deskbook.moving.nouns import Article, Case, File, Kind, Organisation, Person, Said, attached
from deskbook.moving.parts import Parts, text_in
from deskbook.moving.records import Reading, Record, Take, take_all
from deskbook.moving.shelf import Shelf
from deskbook.moving.sql_parts import rows_in
from deskbook.moving.values import address_in

Row = Mapping[str, str]
CHANNEL = {"email": "Email", "web": "Portal", "phone": "Phone"}


@dataclass(slots=True)
class _Dump(Reading):
    """What goes by an id alone is small, and kept at hand."""

    names: dict[tuple[str, str], str] = field(default_factory=dict)
    """Sort and id → what it is called."""
    subjects: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Ticket → its subject and the id of its priority."""
    threads: dict[str, str] = field(default_factory=dict)
    """Thread → the ticket it is of."""
    threads_of: dict[str, list[str]] = field(default_factory=dict)
    """Ticket → its threads."""
    copied: dict[str, list[str]] = field(default_factory=dict)
    """Thread → who else reads it."""
    files: dict[str, list[str]] = field(default_factory=dict)
    """Entry → the ids of its files."""

    def name(self, sort: str, row: Row, column: str) -> str:
        return self.names.get((sort, row.get(column, "")), "")


def read(parts: Parts, shelf: Shelf, zone: str) -> None:
    """Puts on the shelf what the tables say: what tickets name in a first reading, as tables stand
    in the order of the alphabet, tickets and their threads in a second.
    """
    dump = _Dump(shelf, zone)
    for tables in (_FIRST, _SECOND):
        take_all(dump, _records(parts, shelf), tables)


def _records(parts: Parts, shelf: Shelf) -> Iterator[Record]:
    """Yields each row without what is nothing: empty cells, and instants at nought."""
    for place, (table, row) in _rows(parts, shelf):
        said = {column: cell for column, cell in row.items() if not _is_nothing(cell)}
        sort = _known(table)
        number = said.get("number", said.get("ticket_id", "")) if sort == "ticket" else ""
        yield Record(place, sort, said, number)


def _is_nothing(cell: str) -> bool:
    return cell in ("", "NULL") or cell.startswith("0000-00-00")


def _rows(parts: Parts, shelf: Shelf) -> Iterator[tuple[str, tuple[str, Row]]]:
    names = [name for name in parts.names() if name.lower().endswith((".sql", ".csv"))]
    for name in names or parts.names()[:1]:
        with text_in(parts, name) as text:
            if not name.lower().endswith(".csv"):
                yield from rows_in(text, name)
                continue
            lines = rows_of(text, name, shelf)
            header = next(lines, (0, list[str]()))[1]
            table = name.rpartition("/")[2][:-4]
            for line, cells in lines:
                yield f"{name}, line {line}", (table, dict(zip(header, cells, strict=False)))


@cache
def _known(table: str) -> str:
    """Returns which table it is, whatever stands before its name (ost_); "" for another."""
    ends = (one for one in _TABLES if table == one or table.endswith(f"_{one}"))
    return max(ends, key=len, default="")


def _keeps(sort: str, key: str, *columns: str) -> Take[_Dump]:
    def keep(dump: _Dump, row: Row) -> None:
        said = " ".join(row[column] for column in columns if row.get(column))
        dump.names[sort, row[key]] = said

    return keep


def _cdata(dump: _Dump, row: Row) -> None:
    dump.subjects[row["ticket_id"]] = (row.get("subject", ""), row.get("priority", ""))


def _thread(dump: _Dump, row: Row) -> None:
    if row.get("object_type") == "T" and row["id"] not in dump.threads:
        dump.threads[row["id"]] = row["object_id"]
        dump.threads_of.setdefault(row["object_id"], []).append(row["id"])


def _collaborator(dump: _Dump, row: Row) -> None:
    dump.copied.setdefault(row["thread_id"], []).append(f"user {row['user_id']}")


def _attachment(dump: _Dump, row: Row) -> None:
    if row.get("type") == "H":
        dump.files.setdefault(row["object_id"], []).append(row["file_id"])


def _organization(dump: _Dump, row: Row) -> None:
    domains = tuple(one.strip() for one in row.get("domain", "").split(",") if one.strip())
    dump.shelf.organisation(Organisation(row["id"], row["name"], domains))


def _user(dump: _Dump, row: Row) -> None:
    company = row.get("org_id", "")
    company = "" if company == "0" else company
    dump.shelf.person(Person(f"user {row['id']}", row.get("name", ""), organisation=company))


def _address(dump: _Dump, row: Row) -> None:
    dump.shelf.person(Person(f"user {row['user_id']}", address=address_in(row["address"])))


def _staff(dump: _Dump, row: Row) -> None:
    name = f"{row.get('firstname', '')} {row.get('lastname', '')}".strip()
    dump.shelf.person(
        Person(
            f"staff {row['staff_id']}",
            name or row.get("username", ""),
            address_in(row.get("email", "")),
            works_there=True,
        )
    )


def _ticket(dump: _Dump, row: Row) -> None:
    key, number = row["ticket_id"], row.get("number") or row["ticket_id"]
    subject, _priority = dump.subjects.get(key, ("", ""))
    threads = dump.threads_of.get(key, ())
    case = Case(
        number,
        subject=subject,
        requester=_somebody("user", row.get("user_id")),
        opened_at=dump.at(row, "created"),
        ended_at=dump.at(row, "closed"),
        changed_at=dump.at(row, "lastupdate") or dump.at(row, "updated"),
        owner=_somebody("staff", row.get("staff_id")),
        copied=tuple(who for thread in threads for who in dump.copied.get(thread, ())),
        channel=CHANNEL.get(row.get("source", "").lower(), ""),
        words=_words(dump, key, row),
    )
    dump.shelf.ticket(key, case, dump.place)


def _entry(dump: _Dump, row: Row) -> None:
    """M is what a requester wrote, R an answer, N a note; those of tasks are of no ticket."""
    ticket = dump.threads.get(row["thread_id"])
    if ticket is None:
        return
    kinds: Mapping[str, Kind] = {"M": "request", "R": "answer", "N": "note"}
    kind = kinds.get(row.get("type", ""), "note")
    by = _somebody("user", row.get("user_id")) or _somebody("staff", row.get("staff_id"))
    if not by and kind != "request" and row.get("poster"):
        by = row["poster"]
        dump.shelf.person(Person(by, by, works_there=True))
    body, is_html = row.get("body", ""), row.get("format", "html") == "html"
    title = row.get("title", "")
    if kind == "note" and title and not is_html:
        body = f"{title}\n{body}"
    text, html = ("", body) if is_html else (body, "")
    said = Said(kind, by, dump.at(row, "created"), text, html, tuple(_files(dump, row["id"])))
    dump.shelf.said(ticket, said, dump.place, key=row["id"])


def _faq_category(dump: _Dump, row: Row) -> None:
    dump.names["faq", row["category_id"]] = row.get("name", "")
    dump.names["faq public", row["category_id"]] = row.get("ispublic", "0")


def _faq(dump: _Dump, row: Row) -> None:
    """What is hidden is a draft; what stands in a category that is not public, agents read."""
    shown = dump.name("faq public", row, "category_id") not in ("", "0")
    article = Article(
        row["faq_id"],
        row.get("question", ""),
        html=row.get("answer", ""),
        readers="public" if shown else "agents",
        keywords=(*row.get("keywords", "").split(","), dump.name("faq", row, "category_id")),
        is_published=row.get("ispublished", "0") != "0",
    )
    dump.shelf.article(article, dump.place)


def _files(dump: _Dump, entry: str) -> Iterator[File]:
    for id_ in dump.files.get(entry, ()):
        name = dump.names.get(("file", id_), "file")
        kind = dump.names.get(("file type", id_), "")
        yield File(name, kind, attached(id_, name), f"file {id_}")


def _file(dump: _Dump, row: Row) -> None:
    dump.names["file", row["id"]] = row.get("name", "")
    dump.names["file type", row["id"]] = row.get("type", "")


def _somebody(sort: str, key: str | None) -> str:
    return f"{sort} {key}" if key and key != "0" else ""


def _words(dump: _Dump, key: str, row: Row) -> dict[str, str]:
    words = {
        "stage": dump.name("status", row, "status_id"),
        "severity": dump.names.get(("priority", dump.subjects.get(key, ("", ""))[1]), ""),
        "team": dump.name("department", row, "dept_id"),
        "help topic": dump.name("topic", row, "topic_id"),
        "due": row.get("duedate", ""),
        "source": row.get("source", ""),
    }
    return {name: said for name, said in words.items() if said}


_FIRST: Mapping[str, Take[_Dump]] = {
    "ticket_status": _keeps("status", "id", "name"),
    "ticket_priority": _keeps("priority", "priority_id", "priority_desc"),
    "department": _keeps("department", "id", "name"),
    "help_topic": _keeps("topic", "topic_id", "topic"),
    "ticket__cdata": _cdata,
    "thread": _thread,
    "thread_collaborator": _collaborator,
    "attachment": _attachment,
    "file": _file,
    "organization": _organization,
    "user": _user,
    "user_email": _address,
    "staff": _staff,
    "faq_category": _faq_category,
}
_SECOND: Mapping[str, Take[_Dump]] = {"ticket": _ticket, "thread_entry": _entry, "faq": _faq}
"""Table → what a row of it is, in the two readings."""
_OTHERS = (
    *("thread_event", "thread_referral", "user_account", "user__cdata", "organization__cdata"),
    *("form_entry", "api_key", "task", "task__cdata", "thread_entry_email", "file_chunk"),
    *("thread_entry_merge", "staff_dept_access", "faq_topic"),
)
_TABLES = (*_FIRST, *_SECOND, *_OTHERS)
"""Those whose names end as others' do are named, so that each is taken for itself."""
