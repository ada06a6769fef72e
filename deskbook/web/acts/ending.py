"""Ending a case: closed, merged into another; and the cases that belong to it."""

from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.channels.chat.belonging import are_two_chats
from deskbook.engine.choices import Choice as Decided
from deskbook.engine.decide_choice import choices_now
from deskbook.engine.desk import Stage
from deskbook.engine.quoting import short
from deskbook.people.access import NoAccess, NotOfTheRole, ticket_for_agent
from deskbook.people.refusals import in_words
from deskbook.people.unmerging import may_unmerge
from deskbook.people.words import Words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.choices import WHY_WANTED, make_choice
from deskbook.tickets.models import Ticket
from deskbook.tickets.relations import (
    ACROSS,
    BACK,
    answer_incidents,
    link_tickets,
    merge_ticket,
    merged_by,
    unlink_tickets,
    unmerge_ticket,
)
from deskbook.tickets.stages import PROMISED, close_ticket
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import WITH_A_TICKET, Subject
from deskbook.web.jinja import url
from deskbook.web.shared.fields import Choice, Flag, Known, Line, Lines, NotUnderstood, Tick, Ways

RELATIONS = (
    ("related", _("belongs together")),
    ("incident of", _("this is an incident of the other")),
    ("problem behind", _("the other is an incident of this")),
)


class Closure(Act):
    key, label, shortcut = "closure", _("Close"), "x"
    may_be_undone = on_many = True
    about = _("The requester is told that the case is closed.")
    asks = "withdrawing", _("Close it, and tell them that the promise falls away")
    withdrawing = Flag()

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and any(stage.closed for stage in of.moves)

    def perform(self, how: How) -> Words:
        try:
            close_ticket(self.of.ticket, withdrawing=self("withdrawing"), **how)
        except Refused as refused:
            if refused.rule != PROMISED:
                raise
            raise NotUnderstood(withdrawing=in_words(refused)) from None
        return _("Closed.")


class Decision(Act):
    """What the requester decided, said for them: on the phone, at a counter."""

    key, label, shortcut = "decision", _("The requester decided"), "D"
    fact, button = _("Requester’s decision"), _("Record it")
    choice = Ways(_("What they decided"), _("Choose what they decided."))
    words = Lines(_("Why, as they say"), rows=3)

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return bool(choices_now(of.desk, of.state, at=timezone.now()))

    def furnish(self) -> None:
        self.offer("choice", [(one.key, one.title, self._leads(one.to)) for one in self._now()])

    def _now(self) -> tuple[Decided, ...]:
        return choices_now(self.of.desk, self.of.state, at=timezone.now())

    def _leads(self, to: str) -> Words:
        return _("It becomes “%(stage)s”.") % {"stage": self.of.desk.stages[to].title}

    def perform(self, how: How) -> Words:
        try:
            make_choice(self.of.ticket, self("choice"), words=self("words"), **how)
        except Refused as refused:
            if refused.rule != WHY_WANTED:
                raise
            raise NotUnderstood(words=in_words(refused)) from None
        return _("What the requester decided is recorded.")


class Unmerging(Act):
    key, label = "unmerging", _("Take the merge back")
    fact = _("Merge")
    about = _("The ticket goes on where it stood before.")

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.is_merged and may_unmerge(of.viewer, merged_by(of.ticket))

    def stands(self) -> Words:
        return _("Take back…")

    def perform(self, how: How) -> Words:
        if not may_unmerge(self.of.viewer, merged_by(self.of.ticket)):
            raise NotOfTheRole("whoever merged takes it back, and leads")
        unmerge_ticket(self.of.ticket, **how)
        return _("The merge was taken back.")


class _Relation(Act):
    """An act with another ticket, named by its number."""

    hint: ClassVar[Words] = ""
    other = Line(_("Ticket"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged

    def furnish(self) -> None:
        source = url("console-tickets") + f"?not={self.of.ticket}"
        self.fields["other"] = Known.called(_("Ticket"), source, hint=self.hint)

    def other_ticket(self) -> Ticket:
        """Returns the ticket named by its number, with the desk's prefix or without it."""
        name = self("other").split(" ")[0].lstrip("#")
        number = name if "-" in name else f"{self.of.ticket.desk.prefix}-{name}"
        tickets = Ticket.objects.select_related(*WITH_A_TICKET)
        try:
            return ticket_for_agent(self.of.viewer.user, number, tickets)[1]
        except NoAccess:
            sentence = _("There is no ticket “%(name)s”: give its number.") % {"name": short(name)}
            raise NotUnderstood(other=sentence) from None


class Merge(_Relation):
    key, label, shortcut = "merge", _("Merge"), "m"
    may_be_undone = True
    fact = _("Merge into")
    hint = _("This ticket ends; its messages show in the other.")
    asks = "across", _("Yes, merge them")
    across = Flag()

    def perform(self, how: How) -> Words:
        other = self.other_ticket()
        if are_two_chats(self.of.ticket, other):
            raise Refused("merge: two chats", other=str(other))
        try:
            merge_ticket(self.of.ticket, other, across=self("across"), **how)
        except Refused as refused:
            if refused.rule != ACROSS:
                raise
            raise NotUnderstood(across=in_words(refused)) from None
        return _("Merged into %(other)s.") % {"other": other}


class Links(_Relation):
    key, label, shortcut = "links", _("Link"), "l"
    fact = _("Link to")
    hint = _("Both go on and point to each other.")
    relation = Choice(_("Relation"))
    undo = Flag()

    def furnish(self) -> None:
        super().furnish()
        types = self.of.desk.facets.get("type")
        # Where the book knows problems and incidents; else two tickets just belong together.
        if types is None or not types.gathers:
            del self.fields["relation"]
        else:
            self.offer("relation", RELATIONS)

    def perform(self, how: How) -> Words:
        ticket, other, relation = self.of.ticket, self.other_ticket(), self("relation")
        if self("undo"):
            unlink_tickets(ticket, other, **how)
            return _("The link was removed.")
        if relation == BACK["incident of"]:
            link_tickets(other, ticket, relation="incident of", **how)
        else:
            link_tickets(ticket, other, relation=relation if relation in BACK else "related", **how)
        return _("Linked to %(other)s.") % {"other": other}


class Incidents(Act):
    key, label, shortcut = "incidents", _("Answer the incidents of a problem"), "i"
    fact, button = _("Incidents"), _("Answer all")
    reaches_the_rest = True
    text = Lines(_("One text for all of them"), _("Write something first."), rows=5)
    solve = Tick()

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return not of.is_merged and bool(of.incidents)

    def furnish(self) -> None:
        self.about = ", ".join(map(str, self.of.incidents))
        # The problem is solved: that is when those who wait for it are told.
        self.is_open = self.is_open or bool(self.of.ticket.outcome)
        self.begin_with(solve=True)
        stage = self._solved()
        if stage is None:
            del self.fields["solve"]
        else:
            label = _("and move each to “%(stage)s”") % {"stage": stage.title}
            self.fields["solve"] = Tick.called(label)

    def stands(self) -> Words:
        return _("%(n)s open: answer all…") % {"n": len(self.of.incidents)}

    def perform(self, how: How) -> Words:
        solved = self._solved() if self("solve") else None
        stage = solved.key if solved else None
        answered, refused = answer_incidents(self.of.ticket, self("text"), then_stage=stage, **how)
        done = _("Answered: %(tickets)s.") % {"tickets": ", ".join(map(str, answered)) or "–"}
        if refused:
            self.refusal = " ".join([done, *map(in_words, refused)])
            self.goes_on_by = self.data.get("client_key", "")
        return done

    def _solved(self) -> Stage | None:
        return next((stage for stage in self.of.desk.stages.values() if stage.solved), None)
