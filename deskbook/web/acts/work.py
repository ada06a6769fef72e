"""Work that is offered, signed for, booked and delivered."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from deskbook.engine.decision import hindrance
from deskbook.engine.quotas import counts_time
from deskbook.people.words import Words
from deskbook.tickets.quotas import used_by
from deskbook.tickets.work import Order, book_work, deliver, log_time, offer_estimate
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Choice, Cost, Line, Lines, NotUnderstood, Tick, Work
from deskbook.web.shared.plan_words import used_in_words
from deskbook.web.times import worked


class Estimates(Act):
    key, label, shortcut = "estimates", _("Estimate"), "y"
    button = _("Offer")
    time = Work(_("Time"), Work.wrong, placeholder="5 h 30 min")
    cost = Cost(_("Cost"), Cost.wrong, placeholder="1200.00 CAD")
    words = Lines(
        _("What for"),
        _("Say what is estimated: the customer signs for it."),
        hint=_("The customer reads and signs this."),
    )

    @classmethod
    def offered(cls, of: Subject) -> bool:
        known = of.goes_on and of.desk.stage_set_by("estimate")
        return bool(known) and not hindrance(of.desk, of.state, "estimate")

    def stands(self) -> Words:
        return _offered(self.of.orders[0]) if self.of.orders else ""

    def perform(self, how: How) -> Words:
        offer_estimate(self.of.ticket, self("time"), self("cost"), self("words"), **how)
        return _("Offered. The customer is asked to sign.")


class WorkOrder(Act):
    key, label, shortcut = "work", _("Book work"), "b"
    fact, button = _("Work order"), _("Book")
    estimate = Choice(_("Work order"))
    time = Work(_("Time"), placeholder="1 h 15 min")
    cost = Cost(_("Cost"), placeholder="80.00 CAD")
    words = Line(_("What was done"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return of.goes_on and any(order.signed_at for order in of.orders)

    def furnish(self) -> None:
        self.offer("estimate", [(order.id, _offered(order)) for order in self._signed()])

    def stands(self) -> Words:
        return "; ".join(map(_booked, self._signed()))

    def perform(self, how: How) -> Words:
        time, cost = self("time") or timedelta(), self("cost") or ""
        if not time and not cost:
            raise NotUnderstood(time=_("State the time, the cost, or both."))
        told = {"cost": cost, "words": self("words")}
        book_work(self.of.ticket, self("estimate"), time, **told, **how)
        return _("Booked.")

    def _signed(self) -> list[Order]:
        return [order for order in self.of.orders if order.signed_at]


class LogTime(Act):
    key, label, shortcut = "time", _("Log time"), "w"
    fact, button = _("Time logged"), _("Log")
    time = Work(_("Time"), placeholder="1 h 15 min")
    words = Line(_("What was done"))
    less = Tick(_("Take it away: so much was logged too much"))

    @classmethod
    def offered(cls, of: Subject) -> bool:
        return bool(of.state.logged) or (of.goes_on and counts_time(of.desk))

    def stands(self) -> Words:
        minutes = sum(one.minutes for one in self.of.state.logged)
        return worked(timedelta(minutes=minutes)) if minutes else ""

    def perform(self, how: How) -> Words:
        minutes = int((self("time") or timedelta()).total_seconds() // 60)
        signed = -minutes if self("less") else minutes
        log_time(self.of.ticket, signed, words=self("words"), **how)
        used = used_by(self.of.ticket.organisation, at=how["at"])
        said = [used_in_words(self.of.desk, one) for one in used if one.quota.timed]
        return " ".join([str(_("Logged.")), *said])


class Delivery(Act):
    key, label, shortcut = "delivery", _("Delivery"), "v"
    button = _("Deliver")
    version = Line(_("Version"), _("Name the version that was delivered."))
    words = Lines(_("What the customer reads with it"), rows=3)

    @classmethod
    def offered(cls, of: Subject) -> bool:
        known = of.goes_on and of.desk.stage_set_by("delivery")
        return bool(known) and not hindrance(of.desk, of.state, "deliver")

    def stands(self) -> Words:
        return self.of.state.delivered or ""

    def perform(self, how: How) -> Words:
        deliver(self.of.ticket, self("version")[:80], words=self("words"), **how)
        return _("Delivered. The customer is asked to confirm.")


def _offered(order: Order) -> str:
    state = (
        _("signed")
        if order.signed_at
        else _("declined")
        if order.declined_at
        else _("waits for the signature")
    )
    return ", ".join(part for part in (worked(order.time), order.cost, str(state)) if part)


def _booked(order: Order) -> str:
    told = {"booked": worked(order.booked), "time": worked(order.time)}
    time = _("%(booked)s of %(time)s") % told
    return f"{time} · {order.booked_cost}" if order.booked_cost else time
