"""Takes an export in: looks first, then writes so many tickets at a time. Whatever stops it, the
next run goes on where it stopped: what came is known by its number there.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path

from django.db import transaction

from deskbook.moving.articles import NOT_KEPT, bring_articles
from deskbook.moving.landing import Ground, Landed, how_many_texts, land, opened_at
from deskbook.moving.models import CameFrom, Move, NotMoved
from deskbook.moving.nouns import Case, File
from deskbook.moving.parts import MovingRefused, Parts, opened, why_absent
from deskbook.moving.people import People
from deskbook.moving.shelf import Shelf, a_shelf
from deskbook.moving.sources import SOURCES
from deskbook.moving.words import WordMap, checked
from deskbook.people.books import desk_in_force
from deskbook.people.copying import copy_rows, give_ids, take_ids, take_ids_of
from deskbook.people.models import HelpDesk
from deskbook.people.turns import begin_turn, end_turn
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refusal
from deskbook.tickets.arriving import count_in_queues
from deskbook.tickets.log import load
from deskbook.tickets.models import Message, Ticket

BATCH = 50
_COUNTED = ("came", "came_before", "messages", "files")
Told = Callable[[str, int, int], None]
"""What is being taken in ("tickets", "articles"), how many are done, and of how many."""


def nobody_is_told(_what: str, _done: int, _of: int) -> None:
    """Stands for who would watch."""


def look_at(move: Move, path: Path) -> None:
    """Notes what an export has, which words its tickets use, and what cannot be read of it; nothing
    comes. Raises MovingRefused.
    """
    with _read(move, path) as (parts, shelf, words):
        _look(move, shelf, words)
        _note_absent(move, parts, shelf)


def _note_absent(move: Move, parts: Parts, shelf: Shelf) -> None:
    """Notes which files of those tickets that would come are not in the export."""
    cases = shelf.cases()
    while batch := list(islice(cases, BATCH)):
        here = _here(move, batch)
        absent = [
            _file_left_out(move, case.number, file, why)
            for case in batch
            for file in chain.from_iterable(said.files for said in case.said)
            if case.number not in here and (why := why_absent(parts, file.name, file.lies_at))
        ]
        NotMoved.objects.bulk_create(absent)
        move.found["files absent"] = move.found.get("files absent", 0) + len(absent)
    move.save(update_fields=["found"])


def _file_left_out(move: Move, number: str, file: File, why: Refusal) -> NotMoved:
    return NotMoved(
        move=move, ticket=number[:100], place=number[:400], why=kept(why), what=file.address
    )


def _here(move: Move, batch: Sequence[Case]) -> set[str]:
    """Returns the numbers of those that came before."""
    numbers = [case.number for case in batch]
    known = CameFrom.objects.filter(desk=move.desk, source=move.source, number__in=numbers)
    return set(known.values_list("number", flat=True))


def _look(move: Move, shelf: Shelf, words: WordMap) -> None:
    seen = Counter(shelf.counts())
    if not seen["tickets"] and not seen["articles"]:
        raise MovingRefused("moving: nothing", title=SOURCES[move.source].title)
    seen["files"], move.first_at, move.last_at = _counted(move, shelf, words)
    words.refuse_unread()
    move.found = dict(seen)
    move.met = [
        [part, word, count, words.of(part, word)]
        for (part, word), count in sorted(words.met.items())
    ]
    move.left_out.all().delete()
    _note_left_out(move, shelf)
    move.save()


def _counted(
    move: Move, shelf: Shelf, words: WordMap
) -> tuple[int, datetime | None, datetime | None]:
    """Notes the words of all tickets; returns how many files they have, and when the first and the
    last of them were opened.
    """
    files, first_at, last_at = 0, None, None
    for case in shelf.cases():
        words.count(case)
        files += sum(len(said.files) for said in case.said)
        at = opened_at(case, move.begun_at)
        first_at, last_at = min(first_at or at, at), max(last_at or at, at)
    return files, first_at, last_at


def refuse_unsaid(move: Move) -> None:
    """Raises MovingRefused while a word of an export is nothing in the book and nobody said what it
    becomes.
    """
    words = WordMap(desk_in_force(move.desk), checked(desk_in_force(move.desk), move.words))
    left = [(part, word) for part, word, _n, _key in move.met if words.of(part, word) is None]
    if left:
        first = tuple(f"{part} “{word}”" for part, word in left[:12])
        raise MovingRefused("moving: unsaid", count=len(left), words=first)


def take_in(move: Move, path: Path, told: Told = nobody_is_told, *, at: datetime) -> None:
    """Looks at an export and writes those of its tickets that have not come before. Raises
    MovingRefused, also where the same export is on its way in already.
    """
    with _alone(move), _read(move, path) as (parts, shelf, words):
        _look(move, shelf, words)
        refuse_unsaid(move)
        move.came = move.came_before = move.messages = move.files = move.articles = 0
        _write(move, (parts, shelf, words), told, at)
        bring_articles(move, (parts, shelf), told, at=at)


def _write(move: Move, read: tuple[Parts, Shelf, WordMap], told: Told, at: datetime) -> None:
    parts, shelf, words = read
    desk, of = desk_in_force(move.desk), shelf.counts()["tickets"]

    def ground() -> Ground:
        people = People(move.desk, move.source, shelf)
        return Ground(move.desk, desk, move.source, people, words, parts, at)

    on, cases = ground(), shelf.cases()
    while batch := list(islice(cases, BATCH)):
        try:
            _write_batch(move, batch, on)
        except NOT_KEPT:
            move.refresh_from_db(fields=_COUNTED)
            on = ground()  # who was made in that transaction is not there
            for case in batch:
                _write_alone(move, case, on)
        told("tickets", move.came + move.came_before, of)


def _write_alone(move: Move, case: Case, on: Ground) -> None:
    try:
        _write_batch(move, [case], on)
    except NOT_KEPT as wrong:
        move.refresh_from_db(fields=_COUNTED)
        why = kept("moving: not kept", number=case.number, why=str(wrong)[:300])
        where = {"ticket": case.number[:100], "place": case.number[:400]}
        NotMoved.objects.create(move=move, why=why, what=case.subject, **where)


@transaction.atomic
def _write_batch(move: Move, batch: Sequence[Case], on: Ground) -> None:
    here = _here(move, batch)
    fresh = [case for case in batch if case.number not in here]
    landed = _landed(move.desk, fresh, on)
    if landed:
        _store(move, landed)
        on.people.write_keys()
    before = (move.came, move.came_before, move.messages, move.files)
    move.came, move.came_before = before[0] + len(fresh), before[1] + len(here)
    move.messages = before[2] + sum(len(case.said) for case in fresh)
    move.files = before[3] + sum(len(one.files) for one in landed)
    move.save(update_fields=_COUNTED)


def _landed(helpdesk: HelpDesk, cases: Sequence[Case], on: Ground) -> list[Landed]:
    numbers = take_ids(f"deskbook_numbers_{helpdesk.pk}", len(cases))
    ids = take_ids_of(Ticket, len(cases))
    texts = iter(take_ids_of(Message, sum(map(how_many_texts, cases))))
    return [
        land(case, on, pk, number, texts)
        for case, pk, number in zip(cases, ids, numbers, strict=True)
    ]


def _store(move: Move, landed: Sequence[Landed]) -> None:
    rows = [one.row for one in landed]
    log = list(chain.from_iterable(one.log for one in landed))
    followers = list(chain.from_iterable(one.followers for one in landed))
    give_ids(log)
    give_ids(followers)
    load(rows, [one.words for one in landed], log)
    copy_rows(list(chain.from_iterable(one.messages for one in landed)))
    files = [file for one in landed for _, file in one.files]
    give_ids(files)
    copy_rows(files)
    copy_rows(followers)
    copy_rows([one.came_from for one in landed])
    count_in_queues(move.desk, rows)
    NotMoved.objects.bulk_create(
        _file_left_out(move, one.came_from.number, file, why)
        for one in landed
        for file, why in one.absent
    )


@contextmanager
def _read(move: Move, path: Path) -> Iterator[tuple[Parts, Shelf, WordMap]]:
    desk = desk_in_force(move.desk)
    with opened(path) as parts, a_shelf() as shelf:
        SOURCES[move.source].read(parts, shelf, desk.zone)
        shelf.settle()
        yield parts, shelf, WordMap(desk, checked(desk, move.words))


@contextmanager
def _alone(move: Move) -> Iterator[None]:
    """Keeps a second run from taking the same numbers in at the same time."""
    key = f"moving {move.desk_id} {move.source}"
    if not begin_turn(key):
        raise MovingRefused("moving: at it")
    try:
        yield
    finally:
        end_turn(key)


def _note_left_out(move: Move, shelf: Shelf) -> None:
    left = shelf.all_left_out()
    while batch := list(islice(left, 1_000)):
        NotMoved.objects.bulk_create(
            NotMoved(
                move=move,
                ticket=one.ticket[:100],
                place=one.place[:400],
                why=one.why,
                what=one.what,
            )
            for one in batch
        )
