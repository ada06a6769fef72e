"""The letters about papers, redirects, freezes, estimates and deliveries."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.conf import settings
from procrastinate.contrib.django import app

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.parse import parse
from deskbook.jobs import letters
from deskbook.jobs.names_of_before import NAMED_BEFORE
from deskbook.jobs.reactions import FOLLOWS
from deskbook.people.books import desk_at
from deskbook.tasks import _queue_of
from deskbook.tickets import call_backs, procedure, work
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import make_promise, withdraw_promise
from deskbook.tickets.redirecting import redirect_ticket
from deskbook.tickets.stages import close_ticket, verify_severity
from tests.campaign import running_campaign
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

NAMES_IN_ROWS = """
    acknowledge alert_deciding_team alert_owner alert_team alert_visitors assign_on_duty mail_acknowledgement
    mail_answer mail_closing mail_delivery mail_estimate mail_held mail_merged mail_new_requester mail_paper_returned mail_promise
    mail_redirected mail_reminder mail_severity mail_site_visit mail_unmerged mirror settle_chats carry_answer
    remind text_number tell_new_requester tell_of_closing tell_of_delivery tell_of_estimate tell_of_freeze tell_of_merge
    tell_of_merge_taken_back tell_of_moved_answer tell_of_promise tell_of_redirection tell_of_returned_paper tell_of_severity tell_of_withdrawal
    tell_of_visit tell_named ask_to_decide notify tell_notification mail_notification mirror_every_kind carry_aside
"""

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.fixture
def salama():
    return running_campaign(NOON)


@pytest.fixture
def asha(salama):
    return make_agent(salama, "Asha")


@pytest.fixture
def chitra(salama):
    return make_contact(salama)


def logged(contact, at=NOON, **facets):
    case = NewCase("New villages", Written("The list changed"), "phone", facets=facets)
    return open_ticket(contact, case, at=at, by=contact).ticket


def sent(job, ticket, kind, times=1):
    """Return the text of the one mail a job sends for the latest entry of a kind, however often it
    runs.
    """
    entry = ticket.log.filter(kind=kind).latest("seq")
    for _ in range(times):
        job(entry.pk)
    mail = OutboundMail.objects.get(entry=entry)
    return message_from_bytes(bytes(mail.raw), policy=default).get_body(("plain",)).get_content()


def test_every_reaction_is_a_job_by_every_name_that_rows_of_the_queue_hold():
    """A row outlives a release: a function of another name would leave it without a job."""
    names = set(NAMES_IN_ROWS.split())
    assert {job.__name__ for row in FOLLOWS.values() for job in row.jobs} <= names
    assert app.tasks.keys() >= names


def test_what_waits_in_the_queue_under_a_name_of_before_is_done_as_it_is_called_now():
    for now, before in NAMED_BEFORE.items():
        assert app.tasks[before] is app.tasks[now]
        assert _queue_of(before) == _queue_of(now)


def test_a_paper_that_came_back_says_which_and_why(chitra, asha):
    ticket = logged(chitra, type="service request", category="data or content")
    procedure.receive_paper(ticket, "village list", at=NOON, by=asha)
    procedure.return_paper(
        ticket, "village list", reason="Line 7 has no district.", at=NOON, by=asha
    )
    text = sent(letters.tell_of_returned_paper, ticket, "PaperReturned", times=2)
    assert "“Village list”" in text
    assert "Line 7 has no district." in text


def test_who_asked_is_told_where_their_case_went(chitra, asha):
    ticket = logged(chitra)
    redirect_ticket(
        ticket,
        "nmcp officials",
        "whatsapp",
        reference="Dr. M.",
        words="They call you.",
        at=NOON,
        by=asha,
    )
    text = sent(letters.tell_of_redirection, ticket, "Redirected")
    assert "We passed it to NMCP officials, by WhatsApp." in text
    assert "Reference: Dr. M." in text
    assert "They call you." in text


def test_a_held_change_is_told_the_day_of_its_pick_up(chitra):
    ticket = logged(chitra, type="app update")
    assert "(CAT, Africa/Maputo)" in sent(letters.tell_of_freeze, ticket, "Held")


def test_an_acknowledgement_outside_the_campaign_says_so(db):
    contact = make_contact(running_campaign(NOON, began=timedelta(days=60)))
    ticket = logged(contact)
    letters.acknowledge(ticket.log.get(kind="Opened").pk)
    assert "ended its work on" in sent(letters.text_number, ticket, "Acknowledged")


def test_a_promise_that_is_taken_back_is_told_to_whom_it_was_made(chitra, asha):
    ticket = logged(chitra)
    make_promise(ticket, "The part comes on Friday.", NOON + 4 * HOUR, at=NOON, by=asha)
    promise = ticket.log.get(kind="Promised").data["promise"]
    withdraw_promise(ticket, promise, reason="The supplier is bankrupt", at=NOON, by=asha)
    text = sent(letters.tell_of_withdrawal, ticket, "PromiseWithdrawn")
    assert "We take back what we promised by Mon 2 Mar 2026 16:00" in text
    assert "> The part comes on Friday." in text
    assert "bankrupt" not in text, "the reason is the desk's own"


def test_who_is_not_called_back_after_all_is_told(chitra, asha):
    ticket = logged(chitra)
    call_backs.promise_call_back(
        ticket, call_backs.Ring("+258840000001", NOON + HOUR), at=NOON, by=asha
    )
    call_backs.no_more_call(ticket.call_backs.get(), at=NOON, by=asha)
    text = sent(letters.tell_of_withdrawal, ticket, "PromiseWithdrawn")
    assert "We do not call you back by Mon 2 Mar 2026 13:00" in text


def test_a_call_that_rang_in_vain_or_ends_with_its_case_is_not_told_as_taken_back(chitra, asha):
    ticket = logged(chitra)
    ring = call_backs.Ring("+258840000001", NOON + HOUR)
    call_backs.promise_call_back(ticket, ring, at=NOON, by=asha)
    call_backs.try_again(ticket.call_backs.get(), NOON + 2 * HOUR, at=NOON, by=asha)
    close_ticket(ticket, withdrawing=True, at=NOON + HOUR, by=asha)
    taken_back = ticket.log.filter(kind="PromiseWithdrawn")
    for entry in taken_back:
        letters.tell_of_withdrawal(entry.pk)
    assert taken_back.count() == 2
    assert not OutboundMail.objects.exists()


def test_an_estimate_and_a_delivery_go_to_all_who_may_decide(db):
    desk = make_desk("sparkrock")
    schools, bala = make_organisation(desk, plan="standard"), make_agent(desk, "Bala")
    gita, _hana = make_contact(desk, "Gita", schools), make_contact(desk, "Hana", schools)
    make_contact(desk, "Dev", schools, named=False)
    ticket = open_ticket(
        gita, NewCase("Report", Written("Please"), "portal"), at=MONDAY, by=gita
    ).ticket
    work.offer_estimate(ticket, timedelta(hours=5), "1200.00 CAD", "The report", at=MONDAY, by=bala)
    letters.tell_of_estimate(ticket.log.get(kind="EstimateOffered").pk)
    recipients = OutboundMail.objects.values_list("recipient", flat=True)
    assert sorted(recipients) == [
        "gita@sparkrock-customer.example",
        "hana@sparkrock-customer.example",
    ]
    text = bytes(OutboundMail.objects.first().raw).decode()
    assert "Time: 5:00 h. Cost: 1200.00 CAD." in text
    work.deliver(ticket, "26.3.1", at=MONDAY, by=bala)
    letters.tell_of_delivery(ticket.log.get(kind="Delivered").pk)
    assert OutboundMail.objects.filter(purpose="delivery").count() == 2


@pytest.mark.parametrize("code", [code for code in LANGUAGES if code != "en"])
def test_the_letters_are_in_the_readers_language(chitra, asha, code):
    chitra.language = code
    chitra.save()
    ticket = logged(chitra)
    redirect_ticket(ticket, "nmcp officials", "phone", reference="Dr. M.", at=NOON, by=asha)
    text = sent(letters.tell_of_redirection, ticket, "Redirected")
    assert "We passed it" not in text
    assert ("Responsáveis do PNCM" if code == "pt" else "NMCP officials") in text


@pytest.mark.parametrize(
    ("claimed", "verified", "told"),
    [
        ("S2", ["S2"], []),  # what they claimed
        ("S2", ["S1"], ["S1"]),
        ("S2", ["S1", "S2"], ["S1", "S2"]),  # set back: else they believe the other for good
        ("S2", ["S2", "S1", "S3", "S2"], ["S1", "S3", "S2"]),
    ],
)
def test_the_requester_is_told_of_each_severity_they_do_not_know(claimed, verified, told):
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    case = NewCase("Printer", Written("It does not print."), "portal", severity=claimed.lower())
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    for number, severity in enumerate(verified, start=1):
        at = MONDAY + timedelta(minutes=number)
        verify_severity(ticket, severity.lower(), reason="We looked.", at=at, by=asha)
    for entry in ticket.log.filter(kind="SeverityVerified").order_by("seq"):
        letters.tell_of_severity(entry.pk)
    mails = OutboundMail.objects.filter(ticket=ticket, purpose="severity").order_by("pk")
    said = [parse(bytes(mail.raw)).text for mail in mails]
    titles = desk_at(desk.pk, 1).severities
    assert [
        s for text in said for s in ("S1", "S2", "S3") if titles[s.lower()].title in text
    ] == told


def test_the_letter_of_a_severity_names_it_in_the_readers_language():
    desk = make_desk("sparkrock")
    asha, chitra = make_agent(desk), make_contact(desk)
    chitra.language = "pt"
    chitra.save()
    case = NewCase("Impressora", Written("Não imprime."), "portal", severity="s2")
    ticket = open_ticket(chitra, case, at=MONDAY, by=chitra).ticket
    verify_severity(ticket, "s1", reason="Vimos.", at=MONDAY + timedelta(minutes=1), by=asha)
    letters.tell_of_severity(ticket.log.get(kind="SeverityVerified").pk)
    said = parse(bytes(OutboundMail.objects.get(ticket=ticket, purpose="severity").raw)).text
    assert "definimos a gravidade como" in said and "severity" not in said
