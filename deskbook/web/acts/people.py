"""Whose case it is: seats of an organisation, the requester, who follows, whose mail counts."""

from functools import cached_property

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from deskbook.channels.email.copied import copied_in
from deskbook.engine.decision import hindrance
from deskbook.jobs.on_their_way import waiting_for
from deskbook.people.access import contact_for_agent
from deskbook.people.contacts import contact_by
from deskbook.people.models import Contact
from deskbook.people.seats import holders_at
from deskbook.people.words import Words
from deskbook.tickets.contact_changes import asked_for, replace_contact
from deskbook.tickets.conversation import accept_outsider, count_as_answer, give_case, let_follow
from deskbook.tickets.models import ContactChange, Message
from deskbook.tickets.participants import remove_participant
from deskbook.tickets.senders import accept_sender
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.acts.whom import person_typed, requester_typed
from deskbook.web.shared.fields import Choice, Id, Known, Line, NotUnderstood, Tick


class Seat(Act):
    key, label, button = "seat", _("Seat"), _("Replace")
    leaves = Choice(_("Who leaves"), blank=_("– choose –"))
    arrives = Known(
        _("Who arrives"),
        reverse_lazy("console-known-contacts"),
        _("Say who arrives: an address or a number."),
        hint=_("An unknown address becomes a new contact."),
    )
    name = Line(_("Name, if the contact is new"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and bool(of.ticket.organisation_id)

    def furnish(self) -> None:
        self.offer("leaves", self.of.beside.holders)
        if asked := self.asked:
            self.begin_with(leaves=str(asked.leaves_id), arrives=_address(asked.arrives))

    @cached_property
    def asked(self) -> ContactChange | None:
        return asked_for(self.of.ticket) if self.of.beside.asks_for_a_seat else None

    def stands(self) -> Words:
        if self.asked is None:
            return ""
        return _("%(arrives)s for %(leaves)s") % {
            "arrives": self.asked.arrives,
            "leaves": self.asked.leaves,
        }

    def perform(self, how: How) -> Words:
        named, chosen = holders_at(self.of.ticket.organisation_id), self("leaves")
        leaves = named.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
        if leaves is None:
            raise NotUnderstood(leaves=_("Choose whose seat it is."))
        agent, text = self.of.viewer, self("arrives")
        known = contact_by(agent.desk, "email", text)
        arrives = known or requester_typed(agent, text, self("name"), field="arrives")
        replace_contact(self.of.ticket, leaves, arrives, **how)
        told = {"arrives": arrives, "leaves": leaves}
        return _("%(arrives)s has the seat of %(leaves)s now.") % told


class Requester(Act):
    key, label = "requester", _("Change the requester")
    fact, who_may = _("Requester"), "change requester"
    requester = Known(
        _("Person"),
        reverse_lazy("console-known-contacts"),
        hint=_("Answers go to them from now on. Plan, organisation and clocks are theirs too."),
    )
    follows = Tick(_("Who it was before goes on following"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged and not hindrance(of.desk, of.state, "change the requester")

    def furnish(self) -> None:
        self.begin_with(follows=True)

    def stands(self) -> Words:
        return str(self.of.ticket.requester)

    def perform(self, how: How) -> Words:
        contact = person_typed(self.of.viewer, self("requester"), "requester")
        given = give_case(self.of.ticket, contact, follows=self("follows"), **how)
        if not given.entries:
            return _("%(who)s is the requester already.") % {"who": contact}
        return _("%(who)s is the requester now: answers go to them.") % {"who": contact}


class Followers(Act):
    key, label, button = "followers", _("Followers"), _("Add")
    who_may, template = "change followers", "console/acts/followers.html"
    follower = Known(
        _("Person"),
        reverse_lazy("console-known-contacts"),
        hint=_("Gets a copy of every answer, reads the case in the portal and may write on it."),
    )
    remove = Id()

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged

    def stands(self) -> Words:
        return ", ".join(one.name for one in self.of.followers)

    def perform(self, how: How) -> Words:
        """Lets somebody follow, named by address or number, or takes somebody out who does."""
        if "remove" in self.data:
            gone = contact_for_agent(self.of.viewer, self("remove"))
            remove_participant(self.of.ticket, gone, **how)
            return _said_of_leaving(gone, waiting_for(self.of.ticket, gone))
        contact = person_typed(self.of.viewer, self("follower"), "follower")
        let_in = let_follow(self.of.ticket, contact, **how)
        if not let_in.entries:
            return _("They take part already.")
        return _("%(who)s follows now and gets a copy of every answer.") % {"who": contact}


class Sender(Act):
    key, label, told_in = "sender", _("Accept"), "timeline"
    message = Id()

    def perform(self, how: How) -> Words:
        """Accepts a mail whose sender was not proven; one that was accepted before stays so."""
        # What an outsider wrote is accepted by letting them in: nobody it copied in follows.
        theirs = Message.objects.filter(ticket=self.of.ticket, outsider=False)
        found = theirs.filter(pk=self("message"))
        wrote = found.exclude(author_contact=None).select_related("author_contact__desk").first()
        if wrote is None or not accept_sender(wrote, copied_in(wrote), **how):
            return _("It is accepted already.")
        return _("Accepted: it is from %(who)s.") % {"who": wrote.author_contact}


class Participants(Act):
    key, label, told_in = "participants", _("Let them in"), "timeline"
    message, contact = Id(), Id()

    def perform(self, how: How) -> Words:
        """Lets in somebody who wrote without taking part, or counts what a machine wrote.

        Whoever did not write is not added this way.
        """
        ticket = self.of.ticket
        wrote = Message.objects.filter(ticket=ticket, outsider=True)
        wrote = wrote.exclude(author_contact=None).exclude(kind=Message.Kind.ASIDE)
        if self("message"):
            by_machine = wrote.exclude(automatic="").filter(pk=self("message")).first()
            if by_machine and count_as_answer(ticket, by_machine, **how):
                return _("It counts as an answer.")
            return _("It counts already.")
        found = wrote.filter(automatic="", author_contact=self("contact"))
        message = found.select_related("author_contact").first()
        if message is None or message.author_contact is None:
            return _("They take part already.")
        accept_outsider(ticket, message.author_contact, **how)
        return _("%(who)s takes part now.") % {"who": message.author_contact}


def _said_of_leaving(contact: Contact, waiting: int) -> Words:
    """That somebody follows no more, and what goes to them all the same (semantics §6.4)."""
    if not waiting:
        return _("%(who)s follows no more.") % {"who": contact}
    words = ngettext(
        "%(who)s follows no more. %(count)s letter of before waits to leave and goes to them.",
        "%(who)s follows no more. %(count)s letters of before wait to leave and go to them.",
        waiting,
    )
    return words % {"who": contact, "count": waiting}


def _address(contact: Contact) -> str:
    first = contact.identities.order_by("pk").first()
    return first.identifier if first else str(contact)
