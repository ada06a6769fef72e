"""Books in force: which text a desk runs on, and the engine's view of it."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import get_language

from deskbook.book.languages import knowing_each_other
from deskbook.book.load import Loaded, load_book
from deskbook.book.mailboxes import shared_mailboxes
from deskbook.book.schema import Book
from deskbook.engine.campaign import is_over
from deskbook.engine.desk import Desk
from deskbook.engine.sight import Sight
from deskbook.people.models import BookVersion, HelpDesk, User


class BookRefused(Exception):
    """A book with errors is never applied, not even in part. `findings` says what, where and what
    to do.
    """

    def __init__(self, findings: tuple[object, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class ChangedMeanwhile(Exception):
    """Somebody put another version into force since the one this text was begun from."""

    def __init__(self, theirs: BookVersion) -> None:
        super().__init__(f"version {theirs.number} came between")
        self.theirs = theirs


class Titled(Protocol):
    """A thing of a book that has a title."""

    @property
    def title(self) -> str: ...


def desk_in_force(helpdesk: HelpDesk, *, language: str | None = None) -> Desk:
    """Returns the desk as its newest book says, in words as `desk_at` has them."""
    return desk_at(helpdesk.pk, helpdesk.book_version, language=language)


def desk_at(helpdesk_id: int, version: int, *, language: str | None = None) -> Desk:
    """Returns the desk as one version of its book says: for people in words of their language, the
    one that is active where none is given, and in the book's own where it has none of it.

    Nothing is decided by these words: keys are the same in every language.
    """
    own = _in_own_words(helpdesk_id, version)
    if not own.translations:
        return own
    return own.in_language((get_language() or "") if language is None else language)


def sight_in_force(helpdesk: HelpDesk) -> Sight:
    """Returns who sees which cases by a desk's newest book; every screen asks it, and there are no
    words in it.
    """
    return _in_own_words(helpdesk.pk, helpdesk.book_version).sight


OWN_WORDS = ""
"""The language of what no person reads: the book's own words."""


def words_for(desk: Desk, named: Callable[[Desk], Mapping[str, Titled]]) -> dict[str, str]:
    """Returns how people may write the things of a desk in a list, in small letters → their keys:
    by key, or by what they are called in any of its languages.
    """
    return {
        word.lower(): key
        for said in (*desk.translations.values(), desk)
        for key, one in named(said).items()
        for word in (key, one.title)
    }


def desk_then(helpdesk: HelpDesk, *, at: datetime) -> Desk | None:
    """Returns the desk as the book said that was in force at an instant; None before the first."""
    books = helpdesk.books.filter(applied_at__lte=at).order_by("-number")
    version = books.values_list("number", flat=True).first()
    return desk_at(helpdesk.pk, version) if version else None


def ended_desk(helpdesk: HelpDesk, version: int, *, at: datetime) -> Desk | None:
    """Returns by which book nobody answers a case any more that is under this version: the case's
    own or the one in force, whose dates are over. None while the desk takes answers.
    """
    books = (desk_at(helpdesk.pk, version), desk_in_force(helpdesk))
    return next((desk for desk in books if is_over(desk, at=at)), None)


def usual_language(helpdesk: HelpDesk) -> str:
    """Returns the language the desk writes in where nobody said another: the first its book
    names.
    """
    return desk_in_force(helpdesk).languages[0]


@lru_cache(maxsize=256)
def _in_own_words(helpdesk_id: int, version: int) -> Desk:
    """Versions never change, so the cache never lies."""
    book = BookVersion.objects.select_related("desk").get(desk_id=helpdesk_id, number=version)
    desk = standing(book.desk.key, book.text)[0]
    said = {word: replace(one, version=version) for word, one in desk.translations.items() if word}
    return knowing_each_other(replace(desk, version=version), said)


@lru_cache(maxsize=64)
def book_at(helpdesk_id: int, version: int) -> Book:
    """Returns one version of a desk's book in its own words, for people to read."""
    text = BookVersion.objects.get(desk_id=helpdesk_id, number=version).text
    return standing("book", text)[1]


def read_book(key: str, text: str) -> Desk:
    """Returns the desk a text describes, without putting it into force. Raises `BookRefused`, also
    where another desk has its prefix or one of its mail addresses.
    """
    loaded = _loaded(key, text)
    if loaded.desk is None:
        raise BookRefused(loaded.errors)
    desk = replace(loaded.desk, version=0)
    others = HelpDesk.objects.exclude(key=key).order_by("pk")
    if other := others.filter(prefix=desk.prefix).first():
        raise BookRefused(
            (f"The tickets of {other} are called {desk.prefix}-1 already: add another `prefix:`.",)
        )
    theirs = {one.title: desk_in_force(one).mail for one in others}
    if opened := _opened_to_all(HelpDesk.objects.filter(key=key).first(), desk):
        raise BookRefused(opened)
    if shared := shared_mailboxes(text, f"{key}.yaml", desk.mail, theirs):
        raise BookRefused(shared)
    return desk


def _opened_to_all(helpdesk: HelpDesk | None, desk: Desk) -> tuple[str, ...]:
    """Says which categories a new book would forget whose cases the one in force confines: who
    sees them, closed ones too, is asked of the newest book.
    """
    if helpdesk is None:
        return ()
    facet = desk.facets.get("category")
    kept = facet.values if facet else {}
    lost = sight_in_force(helpdesk).confined.keys() - kept.keys()
    used = helpdesk.tickets.filter(category__in=lost).order_by("category") if lost else None
    return tuple(
        f"The book drops the category {category!r}, and everybody would see its cases, which are"
        " confined: keep it, with `seen by`."
        for category in (used.values_list("category", flat=True).distinct() if used else ())
    )


@transaction.atomic
def apply_book(
    key: str, text: str, *, at: datetime, by: User | None, after: int | None = None
) -> HelpDesk:
    """Puts a book into force for new tickets and returns its desk, made if it is new.

    Open tickets keep the stages and clocks of their version until they are carried over
    (tickets/carrying_over.py); by which ways letters leave, the newest says for all. The same text
    again changes nothing. Raises `BookRefused` as `read_book`, and `ChangedMeanwhile` where the
    newest version is another than `after`, the one that the text was begun from.
    """
    desk = read_book(key, text)
    helpdesk, _ = HelpDesk.objects.select_for_update().get_or_create(
        key=key, defaults={"title": desk.title, "prefix": desk.prefix}
    )
    digest = hashlib.sha256(text.encode()).hexdigest()
    newest = helpdesk.books.order_by("-number").first()
    if after is not None and newest is not None and newest.number != after:
        raise ChangedMeanwhile(newest)
    if newest is None or newest.sha256 != digest:
        number = (newest.number if newest else 0) + 1
        BookVersion.objects.create(
            desk=helpdesk, number=number, text=text, sha256=digest, applied_at=at, applied_by=by
        )
        helpdesk.book_version, helpdesk.title, helpdesk.prefix = number, desk.title, desk.prefix
        helpdesk.save()
    _make_number_sequence(helpdesk)
    return helpdesk


def take_number(helpdesk: HelpDesk) -> int:
    """Returns the next ticket number of the desk; a number given to a refused case is not used
    again.
    """
    with connection.cursor() as cursor:
        cursor.execute("select nextval(%s::regclass)", [f"deskbook_numbers_{helpdesk.pk}"])
        row = cursor.fetchone()
    return int(row[0])


def _make_number_sequence(helpdesk: HelpDesk) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"create sequence if not exists deskbook_numbers_{int(helpdesk.pk)}")


def standing(key: str, text: str) -> tuple[Desk, Book]:
    """Returns the desk and the book that a text stands for. Raises `BookRefused`."""
    # It had no error when it was applied. What a later program finds in it is for who applies the
    # next one: the desk goes on, and open tickets follow what they were opened under.
    loaded = _loaded(key, text)
    if loaded.standing is None:
        raise BookRefused(loaded.errors)
    return loaded.standing


@lru_cache(maxsize=32)
def _loaded(key: str, text: str) -> Loaded:
    """Returns what reading a text gave. Reading costs 0.2 s, and a text is read when it is looked
    at and when it is applied, and once more by each process that runs on it; versions of one text
    share their worked-out hours.
    """
    return load_book(text, name=f"{key}.yaml")
