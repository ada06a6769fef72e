"""Where what is read of an export lies until its tickets are whole: messages may stand in another
file than their ticket, and in any order. On disk: an export may be larger than memory.
"""

import json
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from pydantic import TypeAdapter

from deskbook.channels.email.charset import storable
from deskbook.moving.nouns import Article, Case, LeftOut, Organisation, Person, Said
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refusal

MOST_LEFT_OUT = 50_000
"""Characters that are kept of something that is left out."""
MOST_MET = 20_000
"""People who are remembered while an export is read; others are looked up."""
_TABLES = """
    pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -16000;
    create table person (key text primary key, row text);
    create table organisation (key text primary key, row text);
    create table ticket (
        nr integer primary key, key text unique, number text unique, place text, row text);
    create table second (key text primary key, number text);
    create table article (
        nr integer primary key, number text, language text, place text, row text,
        unique (number, language));
    create table said (nr integer primary key, ticket text, key text, place text, row text);
    create unique index said_once on said (ticket, key) where key <> '';
    create index said_of on said (ticket);
    create table left_out (
        nr integer primary key, place text, why text, what text, ticket text, of text);
"""
_NAMED = """
    update left_out set ticket = coalesce((select number from ticket where key = of), of)
    where ticket = ''"""
"""Whose ticket is known by its key alone."""
Noun = TypeVar("Noun", Case, Said, Person, Organisation, Article)
_KINDS: Mapping[type, TypeAdapter[object]] = {
    kind: TypeAdapter(kind) for kind in (Case, Said, Person, Organisation, Article)
}


class Shelf:
    """Takes nouns in any order and gives whole cases, in the order their tickets came in."""

    def __init__(self, at: sqlite3.Connection) -> None:
        self._at = at
        self._met: dict[str, Person] = {}
        at.executescript(_TABLES)

    def person(self, one: Person) -> None:
        """Keeps somebody; what is known of them already is added to."""
        before = self._met.get(one.key) or self.person_by(one.key)
        if before:
            said = {name: getattr(one, name) for name in Person.__slots__}
            one = replace(before, **{name: value for name, value in said.items() if value})
        if one == before:
            return
        if len(self._met) < MOST_MET:
            self._met[one.key] = one
        else:
            self._met.clear()
        self._put("insert or replace into person values (?, ?)", one.key, _as_text(one))

    def organisation(self, one: Organisation) -> None:
        self._put("insert or replace into organisation values (?, ?)", one.key, _as_text(one))

    def ticket(self, key: str, case: Case, place: str) -> None:
        """Keeps a ticket by the key its messages name it by; a second of that key, or of its
        number, is left out.
        """
        words = "insert or ignore into ticket (key, number, place, row) values (?, ?, ?, ?)"
        if not self._put(words, key, case.number, place, _as_text(case)):
            self._put("insert or ignore into second values (?, ?)", key, case.number)
            why = Refusal("moving: ticket twice", number=case.number)
            self.left_out(place, why, case.subject, ticket=case.number)

    def said(self, ticket: str, said: Said, place: str, *, key: str = "") -> None:
        """Keeps a message; one whose `key` came before on the ticket says nothing new."""
        words = "insert or ignore into said (ticket, key, place, row) values (?, ?, ?, ?)"
        self._put(words, ticket, key, place, _as_text(said))

    def article(self, one: Article, place: str) -> None:
        """Keeps an article; a second of its number in the same language is left out."""
        words = "insert or ignore into article (number, language, place, row) values (?, ?, ?, ?)"
        if not self._put(words, one.number, one.language, place, _as_text(one)):
            self.left_out(place, Refusal("moving: article twice", number=one.number), one.title)

    def left_out(
        self, place: str, why: Refusal, what: str = "", *, ticket: str = "", of: str = ""
    ) -> None:
        """Notes what does not come, with the number of its ticket or the key of that."""
        words = "insert into left_out (place, why, what, ticket, of) values (?, ?, ?, ?, ?)"
        self._put(words, place, kept(why), what[:MOST_LEFT_OUT], ticket, of)

    def person_by(self, key: str) -> Person | None:
        return self._one("person", key, Person)

    def organisation_by(self, key: str) -> Organisation | None:
        return self._one("organisation", key, Organisation)

    def has(self, ticket: str) -> bool:
        """Whether a ticket of this key came already."""
        return self._is_there("select 1 from ticket where key = ?", ticket)

    def has_article(self, number: str, language: str) -> bool:
        """Whether an article of this number came already in this language."""
        words = "select 1 from article where number = ? and language = ?"
        return self._is_there(words, number, language)

    def settle(self) -> None:
        """Leaves out what was said on no ticket; call it once all is read."""
        lost = """
            select place, row, ticket, number from said left join second on second.key = said.ticket
            where ticket not in (select key from ticket)"""
        for place, row, of, number in self._at.execute(lost).fetchall():
            said, no_ticket = _read(row, Said), Refusal("moving: no ticket")
            why = Refusal("moving: ticket twice", number=number) if number else no_ticket
            self.left_out(place, why, said.text or said.html, ticket=number or "", of=of)
        self._at.execute(_NAMED)

    def counts(self) -> Counter[str]:
        """Returns how many there are of each: "tickets", "messages", "people" and so on."""
        found = Counter[str]()
        for name, what in (
            ("tickets", "ticket"),
            ("messages", "said where ticket in (select key from ticket)"),
            ("people", "person"),
            ("organisations", "organisation"),
            ("articles", "article"),
            ("left out", "left_out"),
        ):
            [[found[name]]] = self._at.execute(f"select count(*) from {what}")
        return found

    def cases(self) -> Iterator[Case]:
        """Yields each ticket with what was said on it, in the order of its instants."""
        for key, row in self._at.execute("select key, row from ticket order by nr"):
            found = self._at.execute("select row from said where ticket = ? order by nr", [key])
            said = [_read(one, Said) for [one] in found]
            case = _read(row, Case)
            said.sort(key=lambda one: (one.at is not None, one.at or case.opened_at))
            yield replace(case, said=said)

    def articles(self) -> Iterator[tuple[str, Article]]:
        """Yields each article with its place, the languages of one next to each other."""
        for place, row in self._at.execute("select place, row from article order by number, nr"):
            yield place, _read(row, Article)

    def all_left_out(self) -> Iterator[LeftOut]:
        for row in self._at.execute("select place, why, what, ticket from left_out order by nr"):
            yield LeftOut(*row)

    def _one(self, table: str, key: str, kind: type[Noun]) -> Noun | None:
        row = self._at.execute(f"select row from {table} where key = ?", [storable(key)]).fetchone()
        return _read(row[0], kind) if row else None

    def _is_there(self, words: str, *values: str) -> bool:
        return bool(self._at.execute(words, [storable(value) for value in values]).fetchone())

    def _put(self, words: str, *values: str) -> bool:
        return self._at.execute(words, [storable(value) for value in values]).rowcount > 0


@contextmanager
def a_shelf() -> Iterator[Shelf]:
    """Gives an empty one; its file is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="deskbook-moving-") as folder:
        at = sqlite3.connect(f"{folder}/shelf", isolation_level=None)
        try:
            yield Shelf(at)
        finally:
            at.close()


def _as_text(noun: Case | Said | Person | Organisation | Article) -> str:
    return json.dumps(_kept_by_anybody(_KINDS[type(noun)].dump_python(noun)), default=str)


def _kept_by_anybody(value: object) -> object:
    """The same without what no database keeps, wherever it stands: an export that is JSON may have
    half a character in every name.
    """
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Mapping):
        return {_kept_by_anybody(key): _kept_by_anybody(one) for key, one in value.items()}
    return [*map(_kept_by_anybody, value)] if isinstance(value, list | tuple) else value


def _read(row: str, kind: type[Noun]) -> Noun:
    found: Noun = _KINDS[kind].validate_python(json.loads(row))  # type: ignore[assignment]
    return found
