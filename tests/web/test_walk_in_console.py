"""The counter at the console: every act, the visit that becomes a ticket, and who is kept out."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from deskbook.channels.walk_in.calling import visitor_at
from deskbook.channels.walk_in.models import CounterSeat, Kiosk, Token, TokenStep
from deskbook.people.models import Contact
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.web.console.walk_in.urls import urlpatterns
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import (
    counter,
    counter_desk,
    hear_of_late,
    kiosk_at,
    pmu,
    take,
    without_login,
)
from tests.people_factory import make_agent, make_contact, make_desk

COUNTER = "/console/walk-in/pmu/"


@pytest.fixture
def site(db):
    return pmu(counter_desk(ALWAYS))


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def asha(site):
    return make_agent(site.helpdesk, "Asha")


@pytest.fixture
def console(asha):
    return signed_in(asha)


@pytest.fixture
def at_counter(console):
    """A console whose agent sits at counter 1."""
    console.post(COUNTER, {"act": "sit", "counter": "1", "services": ["salary", "login"]})
    return console


def token_here():
    return visitor_at(CounterSeat.objects.get(until_at=None))


def act(client, name, token=None, **more):
    return client.post(
        COUNTER, {"act": name, "token": token.pk if token else "", **more}, follow=True
    ).content.decode()


def wait_a_while(token, long=timedelta(minutes=1)):
    Token.objects.filter(pk=token.pk).update(last_called_at=timezone.now() - long)


def test_a_counter_is_chosen_and_calls_whoever_came_first(site, console):
    take(site, at=timezone.now())
    assert "Which counter are you at?" in console.get(COUNTER).content.decode()
    console.post(COUNTER, {"act": "sit", "counter": "2", "services": ["salary"]})
    assert "A001" in act(console, "next")
    assert token_here().counter == "2"


def test_a_counter_somebody_has_is_only_taken_over_on_purpose(site, at_counter):
    bala = signed_in(make_agent(site.helpdesk, "Bala"))
    sit = {"act": "sit", "counter": "1", "services": ["salary"]}
    assert "Asha is at counter 1" in bala.post(COUNTER, sit, follow=True).content.decode()
    bala.post(COUNTER, {**sit, "instead": "1"})
    assert str(CounterSeat.objects.get(until_at=None).agent) == "Bala"
    assert "was closed or taken over" in act(at_counter, "next")


def test_recalled_twice_then_set_aside_and_taken_after_all(site, at_counter):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    assert "called a moment ago" in act(at_counter, "recall", token)
    assert "is set aside after three calls" in act(at_counter, "aside", token)
    for _time in range(2):
        wait_a_while(token)
        act(at_counter, "recall", token)
    wait_a_while(token)
    assert "A001 is set aside" in act(at_counter, "aside", token)
    assert "Take now" in at_counter.get(COUNTER).content.decode()
    act(at_counter, "back", token)
    assert token_here() == token
    assert list(TokenStep.objects.order_by("pk").values_list("kind", flat=True)) == [
        "taken",
        "called",
        "recalled",
        "recalled",
        "set aside",
        "taken after all",
    ]


def test_the_counter_lists_who_waits_for_a_service_that_left_the_book_and_calls_them(site, console):
    console.post(COUNTER, {"act": "sit", "counter": "1", "services": ["salary"]})
    take(site, "login", at=timezone.now())
    assert "not at this counter" in console.get(COUNTER).content.decode()
    without_login(site, ALWAYS)
    page = console.get(COUNTER).content.decode()
    assert "no longer offered here: every counter calls them" in page
    assert "B001" in page
    act(console, "next")
    assert token_here().code == "B001"


def test_who_was_never_called_is_not_listed_as_one_who_did_not_come(site, at_counter):
    hear_of_late(without_login(site, ALWAYS), at=timezone.now())
    page = at_counter.get(COUNTER).content.decode()
    assert "never called: given while the line was down" in page
    assert "Not there when called" not in page
    act(at_counter, "back", Token.objects.get())
    assert token_here() == Token.objects.get()


def test_the_visit_becomes_a_ticket_with_the_papers_and_the_services_facets(site, at_counter):
    contact = make_contact(site.helpdesk)
    token = take(site, "login", at=timezone.now())
    act(at_counter, "next")
    paper = SimpleUploadedFile("form 6.pdf", b"%PDF-1.4", "application/pdf")
    visit = {
        "requester": "chitra@counter-customer.example",
        "subject": "OTP",
        "text": "It does not come.",
        "facet.category": "login",
        "files": paper,
    }
    page = act(at_counter, "finish", token, **visit)
    assert "Logged as CNT-1" in page
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.channel, ticket.category) == (contact, "visit", "login")
    assert ticket.state["case"]["facets"]["site"] == "pmu" if "case" in ticket.state else True
    assert Attachment.objects.get().name == "form 6.pdf"
    token.refresh_from_db()
    assert (token.state, token.ticket) == (Token.State.SERVED, ticket)
    assert (
        "Asha logged this for the requester"
        in at_counter.get(f"/console/tickets/{ticket}").content.decode()
    )


def test_sending_the_visit_twice_opens_one_ticket(site, at_counter):
    make_contact(site.helpdesk)
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    visit = {"requester": "chitra@counter-customer.example", "text": "My pay."}
    act(at_counter, "log", token, **visit)
    act(at_counter, "log", token, **visit)
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)
    act(at_counter, "served", token)
    assert Token.objects.get().state == Token.State.SERVED


def test_a_form_that_lacks_something_comes_back_as_it_was_typed(site, at_counter):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    page = act(at_counter, "finish", token, requester="", text="A long story")
    assert "Say who came" in page
    assert "A long story" in page
    assert Token.objects.get().state == Token.State.CALLED


def test_a_visitor_with_neither_address_nor_number_is_written_down_by_name_once(site, at_counter):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    for _twice in range(2):
        at_counter.post(
            COUNTER,
            {"act": "log", "token": token.pk, "name": "Xavier Andante", "text": "Where from?"},
        )
    requester = Ticket.objects.get().requester
    assert (str(requester), requester.identities.count()) == ("Xavier Andante", 0)
    assert Contact.objects.filter(name="Xavier Andante").count() == 1


def test_nobody_is_served_without_a_ticket(site, at_counter):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    assert "each visit becomes a ticket" in act(at_counter, "served", token)


@pytest.mark.parametrize(
    "to", ["", "service:cake", "counter:9", "site:nowhere:login", "site:remote:login", "x"]
)
def test_a_visitor_is_passed_on_only_to_where_there_is_something(site, at_counter, to):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    act(at_counter, "pass", token, to=to)
    token.refresh_from_db()
    assert token.state == Token.State.CALLED


def test_a_visitor_is_passed_on_to_a_service_a_counter_or_a_site(site, at_counter):
    first, second, third = (take(site, at=timezone.now()) for _n in range(3))
    counter(site, "2", at=timezone.now())
    for token, to in (
        (first, "service:login"),
        (second, "counter:2"),
        (third, "site:kannur:login"),
    ):
        Token.objects.filter(pk=token.pk).update(state="called", counter="1")
        act(at_counter, "pass", token, to=to)
    states = [
        (t.service, t.state, t.only_counter)
        for t in Token.objects.filter(day=first.day).order_by("pk")
    ]
    assert states == [("login", "waiting", ""), ("salary", "waiting", "2"), ("salary", "moved", "")]
    assert Token.objects.get(follows=third).code == "B001"


def test_a_token_of_another_day_or_counter_or_desk_is_not_acted_on(site, at_counter):
    other = take(site, at=timezone.now())
    for token in ("", "x", "9" * 30, "0", str(other.pk)):
        page = at_counter.post(
            COUNTER, {"act": "recall", "token": token}, follow=True
        ).content.decode()
        assert "is not with this counter any more" in page
    other.refresh_from_db()
    assert other.state == Token.State.WAITING


def test_somebody_without_kiosk_or_phone_is_given_a_token_at_the_counter(at_counter):
    assert "A001" in act(at_counter, "give", service="salary")
    assert Token.objects.get().code == "A001"


def test_given_twice_by_one_form_it_is_one_token(at_counter):
    for _n in range(2):
        act(at_counter, "give", service="salary", key="a" * 32)
    assert Token.objects.count() == 1


def test_a_device_is_let_in_by_a_code_shown_once_and_shut_out(site, console):
    where = "/console/walk-in/pmu/devices"
    page = console.post(where, {"name": "Hall", "kind": "kiosk"}).content.decode()
    assert "/kiosk/counter/pmu/" in page
    device = Kiosk.objects.get()
    assert "pairing-code" not in console.get(where).content.decode()
    assert (
        "pairing-code"
        in console.post(f"/console/walk-in/devices/{device.pk}/code").content.decode()
    )
    console.post(f"/console/walk-in/devices/{device.pk}/revoking")
    assert Kiosk.objects.get().revoked_at
    told = console.post(where, {"name": "", "kind": "toaster"})
    assert told.status_code == 422
    for words in ("Give it a name.", "Choose one of the answers."):
        assert words in told.content.decode()


def test_the_day_is_read_in_numbers_and_ended_by_a_lead_only(site, console):
    take(site, at=timezone.now())
    assert "nobody was passed by" in console.get("/console/walk-in/pmu/day").content.decode()
    assert console.post("/console/walk-in/pmu/day/end").status_code == 404
    bala = signed_in(make_agent(site.helpdesk, "Bala", role="lead"))
    bala.post("/console/walk-in/pmu/day/end")
    assert Token.objects.get().state == Token.State.UNSERVED


def addresses(device):
    return [
        ("get", "/console/walk-in/"),
        ("get", COUNTER),
        ("post", COUNTER),
        ("get", COUNTER + "devices"),
        ("post", COUNTER + "devices"),
        ("get", COUNTER + "poster"),
        ("get", COUNTER + "day"),
        ("post", COUNTER + "day/end"),
        ("post", f"/console/walk-in/devices/{device.pk}/code"),
        ("post", f"/console/walk-in/devices/{device.pk}/revoking"),
    ]


def test_this_file_knows_every_address_of_the_walk_in(site):
    assert len({address for _method, address in addresses(kiosk_at(site))}) == len(urlpatterns)


def test_strangers_sign_in_first_and_agents_of_other_desks_find_nothing(site):
    device = kiosk_at(site)
    other = signed_in(make_agent(make_desk("sparkrock"), "Dev", role="lead"))
    contact = make_contact(site.helpdesk)
    for method, address in addresses(device):
        assert getattr(Client(), method)(address).status_code == 302
        expected = 200 if address == "/console/walk-in/" else 404
        assert getattr(other, method)(address).status_code == expected, address
    assert contact.user is None or signed_in(contact).get(COUNTER).status_code == 404
    device.refresh_from_db()
    assert device.revoked_at is None


def next_midnight():
    """Return when the next day begins in Kerala: a session is not read before it was made."""
    tomorrow = timezone.now().astimezone(ZoneInfo("Asia/Kolkata")) + timedelta(days=1)
    return tomorrow.replace(hour=0, minute=0, second=0, microsecond=0)


def test_a_visitor_is_logged_at_the_counter_they_were_called_to_before_midnight(site, asha):
    before = next_midnight() - timedelta(minutes=2)
    with time_machine.travel(before, tick=False):
        counter(site, "1", agent=asha, at=before)
        called, waiting = take(site, at=before), take(site, at=before)
        act(signed_in(asha), "next")
    with time_machine.travel(before + timedelta(minutes=4)):
        console = signed_in(asha)
        assert take(site, at=timezone.now()).code == "A003"
        form = {"act": "finish", "token": called.pk, "name": "Lila", "text": "A lost form."}
        page = console.post(COUNTER, form, follow=True).content.decode()
        assert "Logged as" in page
        act(console, "next")
        assert token_here() == waiting


def test_what_was_written_of_a_visitor_comes_back_when_the_counter_is_not_open_any_more(
    site, at_counter, asha
):
    token = take(site, at=timezone.now())
    act(at_counter, "next")
    CounterSeat.objects.update(until_at=timezone.now())
    paper = SimpleUploadedFile("paper.pdf", b"%PDF-1.4 scanned", "application/pdf")
    answer = at_counter.post(
        COUNTER,
        {
            "act": "finish",
            "token": token.pk,
            "name": "Lila",
            "text": "A lost form.",
            "files": paper,
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "was closed or taken over. Open it again" in page
    for words in ("A lost form.", "Lila", "paper.pdf", token.code):
        assert words in page
    counter(site, "1", agent=asha, at=timezone.now())
    assert "paper.pdf" in at_counter.get(COUNTER).content.decode()
