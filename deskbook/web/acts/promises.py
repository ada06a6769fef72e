"""What the requester is told will happen, and when: a promise, a call, the next update."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.channels.phone.callers import NUMBERS
from deskbook.channels.phone.taking_in import usual_time
from deskbook.engine.routing import facets_of, target_for
from deskbook.people.merging import ways_of
from deskbook.people.moments import written
from deskbook.people.numbers import shown
from deskbook.people.words import Words
from deskbook.tickets.call_backs import (
    Ring,
    called_back,
    no_more_call,
    promise_call_back,
    try_again,
)
from deskbook.tickets.promises import (
    agree_next_update,
    keep_promise,
    make_promise,
    withdraw_promise,
)
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.acts.whom import number_typed
from deskbook.web.jinja import local_input
from deskbook.web.shared.fields import Choice, Instant, Line, NotUnderstood, Sent, Tel


class Promises(Act):
    key, label, shortcut = "promises", _("Promise"), "p"
    template = "console/acts/promise.html"
    text = Line(
        _("What is promised"),
        _("Say what is promised."),
        placeholder=_("I will call"),
    )
    due_at = Instant(_("By when"))

    def furnish(self) -> None:
        kept = [promise for promise in self.of.state.promises if promise.is_open]
        self.made = [
            (
                self.of.beside.promised.get(one.id, ""),
                written(one.due_at),
                *(act(self.of, promise=one.id) for act in ENDS),
            )
            for one in kept
        ]

    def stands(self) -> Words:
        due = [promise.due_at for promise in self.of.state.promises if promise.is_open]
        return written(min(due)) if due else ""

    def perform(self, how: How) -> Words:
        make_promise(self.of.ticket, self("text"), self("due_at"), **how)
        return _("Promised.")


class Keeping(Act):
    key, label = "promise-keeping", _("Kept")
    address, told_in = "promises/<str:promise>/keeping", "promises"

    def perform(self, how: How) -> Words:
        keep_promise(self.of.ticket, self.parts["promise"], **how)
        return _("Promise kept.")


class Withdrawal(Act):
    key, label = "promise-withdrawal", _("Withdraw")
    address, told_in = "promises/<str:promise>/withdrawal", "promises"
    text = Sent()

    def perform(self, how: How) -> Words:
        withdraw_promise(self.of.ticket, self.parts["promise"], reason=self("text"), **how)
        return _("Promise withdrawn. The requester is told.")


ENDS = (Keeping, Withdrawal)


class CallingBack(Act):
    key, label, shortcut = "call-back", _("Promise a call-back"), "K"
    fact, button = _("Call back"), _("Promise the call")
    known = Choice(_("Number"))
    number = Tel(_("Another number"))
    due_at = Instant(_("At the latest"))
    text = Line(_("What about (the requester reads it)"))

    def furnish(self) -> None:
        self.begin_with(due_at=local_input(usual_time(self.of.ticket.desk, at=timezone.now())))
        ways = ways_of(self.of.ticket.requester)
        numbers = dict.fromkeys(way.identifier for way in ways if way.channel in NUMBERS)
        self.offer("known", [(number, shown(number)) for number in numbers])
        if not numbers:
            del self.fields["known"]
            self.fields["number"] = Tel.called(_("Number"))
        if self.of.beside.call_back:
            number, due_at = self.of.beside.call_back
            self.about = _("To be called: ") + f"{shown(number)}, {written(due_at)}"

    def stands(self) -> Words:
        return written(self.of.beside.call_back[1]) if self.of.beside.call_back else ""

    def perform(self, how: How) -> Words:
        typed = self("number") or self("known")
        if not typed:
            raise NotUnderstood(number=_("Give the number to call."))
        number = number_typed(self.of.viewer, typed, "number")
        promise_call_back(self.of.ticket, Ring(number, self("due_at"), text=self("text")), **how)
        return _("The call-back is on the list.")


class CalledBack(Act):
    key, label, on, address = "call-back-row", _("Reached"), "call-back", "<int:row>"
    how = Sent("", _("Choose one of the answers."))
    reason = Line(_("What happened"))
    again_at = Instant(_("Try again by"), optional=True)

    @property
    def url(self) -> str:
        return reverse("console-call-back-row", args=[self.parts["row"]])

    def furnish(self) -> None:
        self.begin_with(again_at=local_input(usual_time(self.of.viewer.desk, at=timezone.now())))

    def perform(self, how: How) -> Words:
        row, reason = self.of.call_back, self("reason")
        assert row is not None  # console/acting.py reaches it
        match self("how"):
            case "done":
                called_back(row, **how)
                return _("Called back.")
            case "no answer":
                if self("again_at") is None:
                    raise NotUnderstood(again_at=Instant.wrong)
                try_again(row, self("again_at"), reason=reason, **how)
                return _("Nobody answered; it is on the list again.")
            case "withdraw":
                no_more_call(row, reason=reason, **how)
                return _("The call-back was withdrawn. The requester is told.")
        raise NotUnderstood(how=_("Choose one of the answers."))


class NextUpdate(Act):
    key, label, shortcut = "next-update", _("Next update"), "u"
    button = _("Agree")
    due_at = Instant(_("Next update by"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        if not of.goes_on:
            return False
        target = target_for(of.desk, "update", facets_of(of.state))
        return bool(target and target.agreed and of.state.last_answer_at)

    def stands(self) -> Words:
        agreed_at = self.of.state.next_update_at
        return written(agreed_at) if agreed_at else _("not agreed")

    def perform(self, how: How) -> Words:
        agree_next_update(self.of.ticket, self("due_at"), **how)
        return _("Agreed.")
