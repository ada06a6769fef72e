"""The people of the demo's desk, and what they do in the days of bench.states."""

from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from zlib import crc32

from deskbook.book.shelf import book_text
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.understanding import receive
from deskbook.demo.month import SHOWS, population_of
from deskbook.demo.past.people import invite, seat
from deskbook.demo.past.places import make_places
from deskbook.engine import events as happened
from deskbook.engine.needs import from_lines
from deskbook.engine.ticket import SYSTEM
from deskbook.lives.course import Scene
from deskbook.lives.life import Period, lives
from deskbook.people.books import apply_book, desk_in_force
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import (
    add_participant,
    answer_ticket,
    ask_requester,
    take_in_message,
)
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.stages import close_ticket, move_ticket


class Desk:
    """A desk of the demo with nothing behind it: `acts` are what people will do, each with its
    instant.
    """

    def __init__(self, run, begins_at):
        show = next(show for show in SHOWS if show.key == run.desk)
        self.helpdesk = apply_book(
            show.key, book_text(show.key), at=begins_at - timedelta(days=1), by=None
        )
        self.agents = seat(self.helpdesk, show.cast)
        self.contacts = invite(self.helpdesk, show.cast)
        make_places(self.helpdesk)
        self._lose_addresses()
        self.desk = desk_in_force(self.helpdesk)
        scene = Scene(
            self.desk,
            population_of(self.helpdesk, self.agents, self.contacts, show.cast),
            show.phrases,
        )
        ends_at = begins_at + timedelta(days=run.days)
        self.tickets, self.acts, self.refusals = {}, [], 0
        for life in lives(scene, Period(begins_at, ends_at, run.per_day, ends_at), seed=run.seed):
            self.acts += self._acts_of(life)

    def _lose_addresses(self):
        """Some called and gave no address; of one the address is no address: once, a broken Cc made
        such.
        """
        for contact in self.contacts:
            lost = crc32(contact.name.encode()) % 12
            known = ContactIdentity.objects.filter(contact=contact, channel="email")
            if lost == 0:
                ContactIdentity.objects.filter(contact=contact).delete()
            elif lost == 1:
                known.update(identifier=f"@x{contact.pk}")

    def _acts_of(self, life):
        entries = life.entries
        for place, entry in enumerate(entries):
            then = [after.event for after in entries[place + 1 : place + 4] if after.at == entry.at]
            act = _ACTS.get(type(entry.event))
            if act:
                yield entry.at, lambda e=entry, t=then, a=act: self._do(life, e, t, a)

    def _do(self, life, entry, then, act):
        with suppress(KeyError):  # its opening was refused
            try:
                act(self, life, entry, then)
            except Refused:
                self.refusals += 1

    def open(self, life, entry, _then):
        event, contact = entry.event, Contact.objects.get(pk=life.requester.id)
        asked = {
            k: v
            for k, v in event.facets.items()
            if k in self.desk.facets and self.desk.facets[k].asked
        }
        case = NewCase(
            life.subject, Written(life.said[0].text), event.channel, event.severity, asked
        )
        by = Agent.objects.get(pk=event.recorded_by) if event.recorded_by else contact
        ticket = open_ticket(contact, case, at=entry.at, by=by).ticket
        self.tickets[life.number] = ticket.pk
        for follower in (
            self.contacts[life.number % len(self.contacts)],
            self.contacts[-life.number % 7],
        ):
            if life.number % 3 == 0 and follower.pk != contact.pk:
                add_participant(ticket, follower, at=entry.at, by=SYSTEM)

    def answer(self, life, entry, then):
        ticket, by, words = self._met(life, entry)
        asked = next(
            (event for event in then if isinstance(event, happened.InformationRequested)), None
        )
        moved = next(
            (e.stage for e in then if isinstance(e, happened.StageChanged) and e.cause == "person"),
            None,
        )
        if asked:
            ask_requester(ticket, words, asked.awaited, at=entry.at, by=by)
        else:
            answer_ticket(ticket, words, then_stage=moved, at=entry.at, by=by)

    def move(self, life, entry, _then):
        ticket, by, words = self._met(life, entry)
        if entry.event.cause == "person" and entry.by.kind == "agent":
            needs = self.desk.stages[entry.event.stage].needs
            stated = from_lines(words.text, needs)
            move_ticket(ticket, entry.event.stage, stated=stated, at=entry.at, by=by)

    def write(self, life, entry, _then):
        ticket, by, words = self._met(life, entry)
        take_in_message(ticket, words, channel=entry.event.channel, at=entry.at, by=by)

    def close(self, life, entry, _then):
        ticket, by, _words = self._met(life, entry)
        if entry.event.cause != "silence":
            close_ticket(ticket, at=entry.at, by=by)

    def take_in_report(self, bounce_address, recipient):
        """A delivery report comes in: to our bounce address, from nobody."""
        report = EmailMessage()
        report["From"], report["To"], report["Return-Path"] = (
            "MAILER-DAEMON@mx.example",
            bounce_address,
            "<>",
        )
        report["Subject"] = "Undelivered Mail Returned to Sender"
        report.set_content(f"<{recipient}>: 550 5.1.1 user unknown")
        receive(
            ingest(
                report.as_bytes(), bounce_address, envelope_from="", envelope_to=[bounce_address]
            )
        )

    def _met(self, life, entry):
        ticket = Ticket.objects.select_related("desk").get(pk=self.tickets[life.number])
        people = Agent if entry.by.kind == "agent" else Contact
        by = people.objects.get(pk=entry.by.id) if entry.by.id else None
        message = getattr(entry.event, "message", None) or getattr(entry.event, "reason", None)
        return ticket, by, Written(life.said[int(message) - 1].text if message else "")


_ACTS = {
    happened.Opened: Desk.open,
    happened.Answered: Desk.answer,
    happened.StageChanged: Desk.move,
    happened.CustomerWrote: Desk.write,
    happened.Closed: Desk.close,
}
