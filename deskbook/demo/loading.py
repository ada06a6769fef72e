"""Whole lives of tickets, made in virtual time, into the tables of a desk: as if they had been
lived there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.db import transaction

from deskbook.engine.apply import replay
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import Entry
from deskbook.lives.life import Life
from deskbook.people.books import desk_in_force
from deskbook.people.copying import copy_rows, give_ids, take_ids, take_ids_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.arriving import count_in_queues
from deskbook.tickets.log import load
from deskbook.tickets.messages import store_blob
from deskbook.tickets.models import Attachment, LogEntry, Message, Participant, Ticket
from deskbook.tickets.state import NOTHING_BEFORE, chained, show_in_row

_MESSAGES = ("message", "reason", "reference", "words")
_FILES = ("file",)
_TICKETS = ("into", "ticket", "out_of")


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the lives land: the desk as its book says, who its agents are, the ids that were
    taken.
    """

    helpdesk: HelpDesk
    desk: Desk
    users: Mapping[str, int]
    names: Mapping[str, str]
    """Place of a life among the lives → the ticket's number there ("SPR-12")."""


@dataclass(frozen=True, slots=True)
class Landed:
    """One life as rows; those of its log and its followers have no ids yet."""

    ticket: Ticket
    words: str
    log: list[LogEntry]
    messages: list[Message]
    followers: list[Participant]
    files: list[Attachment]


@dataclass(frozen=True, slots=True)
class _Ids:
    """Taken beforehand for one life: of its texts and of the files in them."""

    messages: tuple[int, ...]
    files: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """Ids and numbers that belong to nobody else, as many as the lives have rows."""

    numbers: Sequence[int]
    tickets: Sequence[int]
    messages: Sequence[int]
    files: Sequence[int]


@transaction.atomic
def load_lives(helpdesk: HelpDesk, lives: Sequence[Life]) -> list[int]:
    """Writes the lives into the desk's tables and returns the tickets' ids, in order.

    Contacts, organisations and agents named in them must exist, and the lives of one call refer to
    each other only. Nothing follows from it: no mail, no reaction.
    """
    texts, files = texts_and_files(lives)
    taken = Taken(
        take_ids(f"deskbook_numbers_{helpdesk.pk}", len(lives)),
        take_ids_of(Ticket, len(lives)),
        take_ids_of(Message, texts),
        take_ids_of(Attachment, files),
    )
    _write(helpdesk, land(helpdesk, lives, taken))
    return list(taken.tickets)


def texts_and_files(lives: Sequence[Life]) -> tuple[int, int]:
    """Returns how many texts the lives have, and how many files in them."""
    said = [one for life in lives for one in life.said]
    return len(said), sum(len(one.files) for one in said)


def land(helpdesk: HelpDesk, lives: Sequence[Life], taken: Taken) -> list[Landed]:
    """Returns the rows of the lives under these ids; only the bytes of files are written."""
    texts, sheets = iter(taken.messages), iter(taken.files)
    names = {
        str(life.number): f"{helpdesk.prefix}-{number}"
        for life, number in zip(lives, taken.numbers, strict=True)
    }
    users = {
        str(pk): user
        for pk, user in Agent.objects.filter(desk=helpdesk).values_list("pk", "user_id")
    }
    places = _Places(helpdesk, desk_in_force(helpdesk), users, names)
    return [
        _land(life, places, Ticket(pk=pk, number=number), _ids_for(life, texts, sheets))
        for life, pk, number in zip(lives, taken.tickets, taken.numbers, strict=True)
    ]


def _ids_for(life: Life, texts: Iterator[int], sheets: Iterator[int]) -> _Ids:
    files = tuple(next(sheets) for said in life.said for _ in said.files)
    return _Ids(tuple(next(texts) for _ in life.said), files)


def _land(life: Life, places: _Places, row: Ticket, ids: _Ids) -> Landed:
    entries = [_placed(entry, places.names, ids) for entry in life.entries]
    state = replay(entries)
    row.desk = places.helpdesk
    row.subject = life.subject[:300]
    row.opened_at = state.opened_at
    row.channel = state.channel
    row.requester_id = int(state.requester)
    row.organisation_id = int(state.organisation) if state.organisation else None
    show_in_row(row, places.desk, state)
    log = chained(row, entries, NOTHING_BEFORE)
    for line in log:
        line.recorded_at = line.at
    words = "\n".join([f"{row} {life.subject}", *(said.text for said in life.said)])
    followers = [
        Participant(ticket_id=row.pk, contact_id=int(contact))
        for contact in sorted(state.participants)
    ]
    return Landed(
        row, words, log, _messages(life, places, row, ids.messages), followers, _files(life, ids)
    )


def _messages(life: Life, places: _Places, row: Ticket, ids: Sequence[int]) -> list[Message]:
    return [
        Message(
            pk=pk,
            desk_id=places.helpdesk.pk,
            ticket_id=row.pk,
            kind=said.kind,
            channel=said.channel,
            at=said.at,
            text=said.text,
            author_user_id=places.users[said.by.id] if said.by.kind == "agent" else None,
            author_contact_id=int(said.by.id) if said.by.kind == "contact" else None,
        )
        for pk, said in zip(ids, life.said, strict=True)
    ]


def _files(life: Life, ids: _Ids) -> list[Attachment]:
    """The files of a life, in the order in which its log numbers them; their bytes are stored on
    the way.
    """
    sent = [
        (pk, sheet)
        for pk, said in zip(ids.messages, life.said, strict=True)
        for sheet in said.files
    ]
    return [
        Attachment(
            pk=pk,
            message_id=message,
            blob=store_blob(sheet.data),
            name=sheet.name,
            content_type=sheet.content_type,
        )
        for pk, (message, sheet) in zip(ids.files, sent, strict=True)
    ]


def _placed(entry: Entry, names: Mapping[str, str], ids: _Ids) -> Entry:
    """Returns the entry with the ids of real rows where it names texts, files and other tickets of
    the lives.
    """
    changes: dict[str, Any] = {
        name: str(ids.messages[int(value) - 1])
        for name in _MESSAGES
        if (value := getattr(entry.event, name, None))
    }
    changes |= {
        name: str(ids.files[int(value) - 1])
        for name in _FILES
        if (value := getattr(entry.event, name, None))
    }
    changes |= {
        name: names[value] for name in _TICKETS if (value := getattr(entry.event, name, None))
    }
    return replace(entry, event=replace(entry.event, **changes)) if changes else entry


def _write(helpdesk: HelpDesk, landed: Sequence[Landed]) -> None:
    tickets = [life.ticket for life in landed]
    log = list(chain.from_iterable(life.log for life in landed))
    followers = list(chain.from_iterable(life.followers for life in landed))
    give_ids(log)
    give_ids(followers)
    load(tickets, [life.words for life in landed], log)
    copy_rows(list(chain.from_iterable(life.messages for life in landed)))
    copy_rows(list(chain.from_iterable(life.files for life in landed)))
    copy_rows(followers)
    count_in_queues(helpdesk, tickets)
