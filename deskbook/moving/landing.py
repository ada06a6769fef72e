"""A ticket of another system as the rows it is here, with all that was said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deskbook.channels.email.body import MAX_HTML, MAX_TEXT
from deskbook.channels.email.charset import storable
from deskbook.channels.email.html import html_to_text, sanitise
from deskbook.engine import events as happened
from deskbook.engine import people_events as people
from deskbook.engine.apply import apply, replay
from deskbook.engine.decide_tags import fitting
from deskbook.engine.desk import Desk
from deskbook.engine.events import Event
from deskbook.engine.freeze import holding
from deskbook.engine.moving_events import Imported
from deskbook.engine.routing import facets_of, missing_facets, route
from deskbook.engine.snooze_events import Tagged
from deskbook.engine.ticket import SYSTEM, Actor, Entry
from deskbook.moving.models import CameFrom
from deskbook.moving.nouns import Case, File, Said
from deskbook.moving.parts import Parts, bytes_of, why_absent
from deskbook.moving.people import People
from deskbook.moving.words import WordMap
from deskbook.people.contacts import address_of
from deskbook.people.models import Contact, HelpDesk, Organisation
from deskbook.refusals.refusal import Refusal
from deskbook.tickets.messages import store_blob
from deskbook.tickets.models import Attachment, LogEntry, Message, Participant, Ticket
from deskbook.tickets.state import NOTHING_BEFORE, chained, show_in_row

LONGEST_SUBJECT = 300
_MOST_FOUND = 200_000
"""Characters of one ticket that a search finds it by."""
_A_MOMENT = timedelta(microseconds=1)


@dataclass(slots=True)
class Landed:
    """One ticket as rows, none of them saved; files have no message yet but for its place."""

    row: Ticket
    words: str
    log: list[LogEntry]
    messages: list[Message]
    files: list[tuple[Message, Attachment]]
    followers: list[Participant]
    came_from: CameFrom
    absent: list[tuple[File, Refusal]] = field(default_factory=list)
    """Files that are named and do not come, each with why."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where tickets land: the desk as its book says, its people, its words, the export's files."""

    helpdesk: HelpDesk
    desk: Desk
    source: str
    people: People
    words: WordMap
    parts: Parts
    at: datetime
    """When they come."""


def land(case: Case, on: Ground, pk: int, number: int, texts: Iterator[int]) -> Landed:
    """Returns a ticket's rows under these ids; the bytes of its files and its people are written on
    the way. Nothing follows from it.
    """
    row = Ticket(pk=pk, number=number, desk=on.helpdesk, subject=_subject(case))
    messages, files = list[Message](), list[tuple[Message, Attachment]]()
    absent = list[tuple[File, Refusal]]()
    for said in _all_said(case, on):
        message = _message(said, case, on, row, next(texts))
        messages.append(message)
        if len(said.text or said.html) > MAX_TEXT:
            files.append((message, _whole(message, said)))
        for file in said.files:
            if why := why_absent(on.parts, file.name, file.lies_at):
                absent.append((file, why))
            else:
                files.append((message, _attached(message, file, on.parts)))
    entries = _entries(case, on, messages)
    state = replay(entries)
    requester = on.people.contact(case.requester)
    row.opened_at, row.channel = state.opened_at, state.channel
    show_in_row(row, on.desk, state)
    log = chained(row, entries, NOTHING_BEFORE)
    for line in log:
        line.recorded_at = on.at
    return Landed(
        row,
        _found_by(row, case, requester, messages, files),
        log,
        messages,
        files,
        [Participant(ticket_id=pk, contact_id=int(one)) for one in sorted(state.participants)],
        CameFrom(ticket=row, desk=on.helpdesk, source=on.source, number=case.number),
        absent,
    )


def how_many_texts(case: Case) -> int:
    """Returns how many messages a ticket has here."""
    return len(case.said) + 1


def _all_said(case: Case, on: Ground) -> Iterator[Said]:
    """What was said, with what else that system kept of it, which is for the desk alone."""
    # The note first: of a case in which nobody said more the last word is its requester's.
    yield Said("note", "", None, _as_it_was(case, on))
    yield from case.said


def _as_it_was(case: Case, on: Ground) -> str:
    lines = [f"{name}: {value}" for name, value in case.words.items() if value]
    lines += _not_as_said(case, on)
    if case.owner and not on.people.works_here(case.owner):
        lines.append(f"owner: {on.people.name(case.owner)}")
    for said in case.said:
        lines += [f"{file.name}: {file.address}" for file in said.files if file.address]
        lines += _unnamed(said, on)
    return "\n".join([f"{on.source} {case.number}", *lines])


def _not_as_said(case: Case, on: Ground) -> list[str]:
    """What of it a ticket here does not hold: all of a long subject, instants that are to come."""
    whole = storable(case.subject.strip())
    long = [f"subject: {whole}"] if len(whole) > LONGEST_SUBJECT else []
    stated = {"opened": case.opened_at, "closed": case.ended_at}
    to_come = [f"{what}: {at:%Y-%m-%d %H:%M} UTC" for what, at in stated.items() if _comes(at, on)]
    said = [f"said: {one.at:%Y-%m-%d %H:%M} UTC" for one in case.said if _comes(one.at, on)]
    return [*long, *to_come, *said]


def _comes(at: datetime | None, on: Ground) -> bool:
    return at is not None and at > on.at


def _unnamed(said: Said, on: Ground) -> list[str]:
    """Who wrote for that desk of whom no address is known: no agent stands for them here."""
    if said.kind == "request" or not said.by or on.people.agent(said.by):
        return []
    when = f"{said.at:%Y-%m-%d %H:%M} UTC: " if said.at else ""
    return [f"{when}{on.people.name(said.by)}"]


def _message(said: Said, case: Case, on: Ground, row: Ticket, pk: int) -> Message:
    html = storable(said.html)
    text = storable(said.text) or html_to_text(html[:MAX_HTML])
    asked = said.kind == "request"
    agent = None if asked else on.people.agent(said.by)
    at = min(said.at or opened_at(case, on.at), on.at)
    return Message(
        pk=pk,
        desk=on.helpdesk,
        ticket=row,
        kind=Message.Kind(said.kind),
        channel=_channel(case, on.desk),
        at=max(at, opened_at(case, on.at)),
        text=text[:MAX_TEXT],
        html=sanitise(html) if html and len(html) <= MAX_HTML else "",
        author_contact=on.people.contact(said.by or case.requester) if asked else None,
        author_user=agent.user if agent else None,
    )


def _attached(message: Message, file: File, parts: Parts) -> Attachment:
    return Attachment(
        message=message,
        blob=store_blob(bytes_of(parts, file.lies_at) or b""),
        name=storable(file.name)[:255] or "file",
        content_type=storable(file.content_type)[:255],
    )


def _whole(message: Message, said: Said) -> Attachment:
    """What is longer than a page shows, kept as a file."""
    kind = "plain" if said.text else "html"
    blob = store_blob(storable(said.text or said.html).encode())
    name = "message.txt" if said.text else "message.html"
    return Attachment(message=message, blob=blob, name=name, content_type=f"text/{kind}")


def _entries(case: Case, on: Ground, messages: Sequence[Message]) -> list[Entry]:
    first = messages[1] if _begins_with_a_request(messages) else None
    imported = _imported(case, on, first)
    entries = [Entry(1, opened_at(case, on.at), SYSTEM, imported)]

    def add(at: datetime, by: Actor, event: Event) -> None:
        entries.append(Entry(len(entries) + 1, at, by, event))

    if tags := fitting(case.tags):
        add(entries[0].at, SYSTEM, Tagged(tags))
    follow = {imported.requester}
    for one in _copied(case, on, imported.requester):
        follow.add(one)
        add(entries[0].at, SYSTEM, people.ParticipantAdded(one))
    for message in (one for one in messages if one is not first):
        if message.kind == Message.Kind.REQUEST:
            writer = str(message.author_contact_id)
            if writer not in follow:
                follow.add(writer)
                add(message.at, SYSTEM, people.ParticipantAdded(writer))
            wrote = happened.CustomerWrote(str(message.pk), message.channel)
            add(message.at, Actor("contact", writer), wrote)
        else:
            add(message.at, _writer(message, on), _by_the_desk(message))
    for event in _held(on, imported, entries):
        add(on.at, SYSTEM, event)
    return entries


def _copied(case: Case, on: Ground, requester: str) -> Iterable[str]:
    """Returns who is copied beside the requester, each once."""
    copied = dict.fromkeys(str(on.people.contact(key).pk) for key in case.copied)
    return (one for one in copied if one != requester)


def _begins_with_a_request(messages: Sequence[Message]) -> bool:
    """Whether the requester spoke first, the note of what else was known left out."""
    return len(messages) > 1 and messages[1].kind == Message.Kind.REQUEST


def _by_the_desk(message: Message) -> Event:
    if message.kind == Message.Kind.ANSWER:
        return happened.Answered(str(message.pk))
    return happened.Noted(str(message.pk))


def _writer(message: Message, on: Ground) -> Actor:
    agent = on.people.agent_of(message.author_user_id)
    return Actor("agent", str(agent.pk)) if agent else SYSTEM


def _held(on: Ground, imported: Imported, entries: Sequence[Entry]) -> tuple[Event, ...]:
    """What a freeze makes of an open case that comes while it lasts."""
    stage = on.desk.stages[imported.stage]
    if imported.closed_at or stage.solved or stage.closed:
        return ()
    return holding(on.desk, facets_of(apply(None, entries[0])), at=on.at)


def _imported(case: Case, on: Ground, first: Message | None) -> Imported:
    requester, desk = on.people.contact(case.requester), on.desk
    organisation = requester.organisation
    stage = desk.stages[_meant(case, on, "stage") or desk.first_stage.key]
    ends, facets = stage.closed, _facets(case, on, organisation)
    severity = _meant(case, on, "severity") or desk.default_severity
    return Imported(
        requester=str(requester.pk),
        stage=stage.key,
        channel=_channel(case, desk),
        source=on.source,
        number=case.number,
        imported_at=on.at,
        facets=facets,
        organisation=str(organisation.pk) if organisation else None,
        zone=requester.zone or (organisation.zone if organisation else "") or None,
        severity=severity,
        team=_team(case, on, facets, severity),
        owner=_owner(case, on),
        message=str(first.pk) if first else None,
        closed_at=_ended_at(case, on) if ends else None,
        solved_in=_solved_in(desk) if ends and not stage.redirected else None,
        book_version=desk.version,
    )


def _team(case: Case, on: Ground, facets: Mapping[str, str], severity: str | None) -> str | None:
    """The team it had there, else the one a case opened here would come to."""
    known = {**facets, "severity": severity or "", "channel": _channel(case, on.desk)}
    if meant := _meant(case, on, "team") or on.desk.first_team:
        return meant
    rule = None if missing_facets(on.desk, known) else route(on.desk, known)
    return rule.to if rule else None


def _owner(case: Case, on: Ground) -> str | None:
    owner = on.people.agent(case.owner) if case.owner else None
    return str(owner.pk) if owner and owner.is_active else None


def _solved_in(desk: Desk) -> str | None:
    return next((one.key for one in desk.stages.values() if one.solved), None)


def _facets(case: Case, on: Ground, organisation: Organisation | None) -> dict[str, str]:
    facets = {part: _meant(case, on, part) for part in on.desk.facets}
    if organisation and organisation.plan:
        facets["plan"] = organisation.plan
    return {part: value for part, value in facets.items() if value}


def _meant(case: Case, on: Ground, part: str) -> str:
    word = on.words.word(part, case)
    return (on.words.of(part, word) if word else "") or ""


def opened_at(case: Case, now: datetime) -> datetime:
    """Returns when a ticket was opened: as it says, else with its first message; never later than
    it comes.
    """
    said = [one.at for one in case.said if one.at]
    stated = case.opened_at or min(said, default=None) or case.ended_at or now
    return min(stated, *said[:1], now - _A_MOMENT)


def _ended_at(case: Case, on: Ground) -> datetime:
    said = [one.at for one in case.said if one.at]
    ended_at = case.ended_at or case.changed_at or max(said, default=None)
    return min(max(ended_at or on.at, opened_at(case, on.at)), on.at)


def _channel(case: Case, desk: Desk) -> str:
    said = case.channel.casefold()
    alike = (key for key, one in desk.channels.items() if said in (key, one.title.casefold()))
    usual = desk.channel_of("email") or next(iter(desk.channels.values()))
    return next(alike, usual.key)


def _subject(case: Case) -> str:
    text = next((said.text for said in case.said if said.text.strip()), "")
    first_line = text.strip().partition("\n")[0]
    return storable(case.subject.strip() or first_line or "(no subject)")[:LONGEST_SUBJECT]


def _found_by(
    row: Ticket,
    case: Case,
    requester: Contact,
    messages: Sequence[Message],
    files: Sequence[tuple[Message, Attachment]],
) -> str:
    known = f"{row} {case.number} {row.subject}\n{requester.name} {address_of(requester) or ''}"
    texts = [known, *(file.name for _, file in files), *(message.text for message in messages)]
    return "\n".join(texts)[:_MOST_FOUND]
