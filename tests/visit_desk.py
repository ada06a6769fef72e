"""A payroll desk that sends trainers out: an office asks, the unit decides, trainers go."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.site_visits import Plan, Wish, ask_for_visit, date_visit, decide_on_visit
from tests.people_factory import make_agent, make_contact, make_desk

BOOK = """
deskbook: 1
name: Payroll help desks
zone: Asia/Kolkata
prefix: PAY
channels: [email, portal, phone]
hours: { working days: { mon-sat: 09:30-17:30 } }
types: { question: , on-site training: }
stages:
  received:
  being examined: { set by: [assignment, answering, the requester writing] }
  replied: { solved: yes }
  closed: { closed: yes }
teams:
  unit: { name: Management Unit }
  trainers: { name: Master Trainers }
  treasury: { name: District Treasury }
site visits:
  - { type: on-site training, decided by: unit, carried out by: trainers }
"""
KOLKATA = ZoneInfo("Asia/Kolkata")
WISH = Wish(14, "Taluk Office, River Road", words="A projector is there.")


class Office:
    """The desk and everybody at it; times are on working days from now on."""

    def __init__(self, text=BOOK):
        self.desk = make_desk("payroll", text)
        self.bala = make_agent(self.desk, "Bala", role="lead", teams=("unit",))
        self.meera = make_agent(self.desk, "Meera", teams=("trainers",))
        self.ravi = make_agent(self.desk, "Ravi", teams=("trainers",))
        self.asha = make_agent(self.desk, "Asha", teams=("treasury",))
        self.chitra = make_contact(self.desk)
        self.now = timezone.now()

    def case(self, kind="on-site training", subject="Training for the new office"):
        case = NewCase(
            subject, Written("We moved to a new office."), "portal", facets={"type": kind}
        )
        return open_ticket(self.chitra, case, at=self.now, by=self.chitra).ticket

    def asked(self, **more):
        ticket = self.case(**more)
        ask_for_visit(ticket, WISH, at=self.now, by=self.chitra)
        return refreshed(ticket)

    def approved(self, **more):
        ticket = self.asked(**more)
        decide_on_visit(ticket, True, at=self.now, by=self.bala)
        return refreshed(ticket)

    def plan(self, *people, days=2, begins=10, lasts=5, **more):
        """Return a plan so many working days ahead."""
        from_at = self.workday(days).replace(hour=begins)
        return Plan(from_at, from_at + timedelta(hours=lasts), people or (self.ravi,), **more)

    def workday(self, days):
        day = self.now.astimezone(KOLKATA).replace(hour=0, minute=0, second=0, microsecond=0)
        while days:
            day += timedelta(days=1)
            days -= day.weekday() != 6
        return day

    def sunday(self):
        day = self.workday(1)
        while day.weekday() != 6:
            day += timedelta(days=1)
        return day

    def dated(self, *people, **more):
        ticket = self.approved()
        date_visit(ticket, self.plan(*people, **more), at=self.now, by=self.bala)
        return refreshed(ticket)

    def over(self, *people):
        """Return a case whose visit began an hour ago."""
        ticket = self.approved()
        start = datetime.now(KOLKATA) - timedelta(hours=1)
        plan = Plan(start, start + timedelta(hours=3), people or (self.ravi,), anyway=True)
        date_visit(ticket, plan, at=start - timedelta(hours=1), by=self.bala)
        return refreshed(ticket)


def refreshed(ticket):
    ticket.refresh_from_db()
    return ticket


def visit_of(ticket):
    return ticket.dated_visits.order_by("pk").last()
