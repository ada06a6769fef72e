"""A ticket on which messages met every fate, in a real browser."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.storing import ingest
from deskbook.channels.email.trouble import note_trouble
from deskbook.engine.ticket import SYSTEM
from deskbook.jobs import letters
from deskbook.people.models import ContactIdentity
from deskbook.tickets.conversation import add_participant, answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
FATES = {
    "sent": {"sent_at": timezone.now()},
    "queued": {
        "reason": "The mail server said: 450 4.2.0 Greylisted; come again in a quarter of an hour",
        "next_try_at": timezone.now() + timedelta(minutes=15),
    },
    "held": {
        "reason": (
            "60 mails of this ticket left within an hour. It waited for a day; this may be a loop."
        )
    },
    "bounced": {
        "hard": True,
        "ended_at": timezone.now(),
        "reason": (
            "The mail server said: 550 5.1.1 <chitra@sparkrock-customer.example>: Recipient address"
            " rejected: User unknown in virtual mailbox table"
        ),
    },
    "dropped": {"reason": "Discarded by Bala. It may be a loop."},
}


@pytest.fixture
def bala(live_desk):
    return make_agent(make_desk("sparkrock"), "Bala", role="lead")


@pytest.fixture
def case(bala):
    """Answered once for each fate, with three who follow: of the last answer each of them has one
    of their own.
    """
    chitra = make_contact(bala.desk)
    case = open_ticket(
        chitra,
        NewCase(
            "The payroll report is empty", Written("Since this morning."), "portal", severity="s2"
        ),
        at=timezone.now() - timedelta(hours=5),
        by=chitra,
    ).ticket
    letters.acknowledge(LogEntry.objects.get(ticket=case, kind="Opened").pk)
    OutboundMail.objects.update(state="held", reason=FATES["held"]["reason"])
    for state, more in FATES.items():
        entry = answered(case, bala, f"An answer that is {state}.")
        OutboundMail.objects.filter(entry=entry).update(state=state, **more)
    for name in ("Dev", "Esha", "Farid"):
        add_participant(case, make_contact(bala.desk, name), at=timezone.now(), by=SYSTEM)
    ContactIdentity.objects.filter(contact__name="Esha").delete()
    entry = answered(case, bala, "An answer to four, of whom two have it.")
    for name, state in (("chitra", "sent"), ("dev", "sent"), ("farid", "bounced")):
        mails = OutboundMail.objects.filter(entry=entry, recipient__startswith=name)
        mails.update(state=state, **FATES[state])
    return case


def answered(case, agent, words):
    recorded = answer_ticket(case, Written(words), at=timezone.now(), by=agent)
    letters.carry_answer(recorded.entries[0].pk)
    return recorded.entries[0]


def test_every_fate_of_a_message_fits_and_reads_well(page, sign_in, bala, case):
    sign_in(page, bala.user)
    said = (
        "The mail server said: 535 5.7.8 Username and password not accepted for"
        " desk@sparkrock-payroll.example"
    )
    note_trouble(said, stops=True, refused=True, at=timezone.now())
    page.goto(f"/console/tickets/{case}")
    everybody_can_use(page, "a ticket with every fate")
    for one in page.locator(".fate > summary").all():
        one.click()
    everybody_can_use(page, "a ticket with every fate, opened")


def test_a_held_mail_of_one_long_line_is_read_on_a_telephone(page, sign_in, bala):
    raw = (
        b"From: x@customer.example\r\nSubject: Long\r\nX-Token: "
        + b"k" * 900
        + b"\r\n\r\n"
        + b"w" * 900
    )
    mail = ingest(raw, "payroll@sparkrock.example")
    InboundMail.objects.filter(pk=mail).update(state="held", desk=bala.desk, reason="Which desk?")
    sign_in(page, bala.user)
    page.goto(f"/console/left-over/mails/{mail}")
    everybody_can_use(page, "a held mail")
