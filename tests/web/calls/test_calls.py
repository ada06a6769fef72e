"""Logging calls and calling back at the console."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.phone.models import Call
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.merge_models import ContactMerge
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.models import Ticket
from deskbook.web.jinja import local_input
from tests.people_factory import make_agent, make_desk
from tests.rung_desk import NUMBER
from tests.web.calls.screens import signed_in, words


def log(console, **given):
    return console.post(
        "/console/calls/new", {"text": "OTP does not come.", "client_key": "k"} | given
    )


def test_the_form_begins_with_who_is_calling(console):
    page = words(console.get("/console/calls/new"))
    assert "Who is calling?" in page
    assert 'data-key="C"' in page


def test_callers_are_offered_while_typing_with_their_open_cases(console, chitra, case):
    options = words(console.get("/console/calls/callers?q=5123"))
    assert f'data-chosen="{chitra.pk}"' in options
    assert "Government School, Hill Road" in options
    assert "1 open" in options


def test_the_card_of_a_caller_offers_their_open_cases_and_what_they_are_sorted_by(
    console, chitra, case
):
    card = words(console.get(f"/console/calls/callers/{chitra.pk}"))
    assert str(case) in card
    assert "&#34;district&#34;: &#34;kannur&#34;" in card


def test_a_call_for_a_chosen_caller_is_logged_and_its_number_stands_large(console, chitra):
    answer = log(console, contact=chitra.pk, caller="Chitra")
    ticket = Ticket.objects.get()
    assert answer.url == f"/console/calls/new?logged={ticket}"
    page = words(console.get(answer.url))
    assert f'<p class="big-number">{ticket}</p>' in page


@pytest.mark.parametrize(
    "typed", ["512345", "9447012345", "+91 94470 12345", "Chitra Nambiar", "chitra nambiar"]
)
def test_without_the_list_the_caller_is_found_by_what_is_typed(console, chitra, typed):
    log(console, caller=typed)
    assert Ticket.objects.get().requester == chitra


def test_an_unknown_number_is_enough_and_becomes_an_identity(console, desk):
    log(console, caller="0471 2579700", name="Devi")
    way = ContactIdentity.objects.get(channel="phone")
    assert (way.identifier, way.contact.name) == ("+914712579700", "Devi")


def test_an_unknown_name_with_a_number_is_a_new_person(console, desk):
    log(console, caller="Devi", number="0471 2579700")
    assert Ticket.objects.get().requester.name == "Devi"


def test_a_withheld_number_leaves_the_name(console, desk):
    log(console, caller="Devi", shared="yes")
    assert list(Contact.objects.get(name="Devi").identities.all()) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "Say who: a name"),
        ({"caller": "999"}, "no PEN"),
        ({"caller": "Devi"}, "Nobody is known by “Devi”"),
        ({"caller": "Devi", "number": "12"}, "is no phone number: write it like"),
        ({"caller": "123456789012345678"}, "is no phone number"),
        ({"caller": "512345", "text": ""}, "Say what it is about"),
        ({"caller": "512345", "outcome": "x"}, "Choose one of the answers"),
        ({"caller": "512345", "outcome": "mail"}, "Ask for their mail address"),
        (
            {"caller": "512345", "outcome": "mail", "address": "nobody"},
            "Ask for their mail address",
        ),
        ({"caller": "512345", "outcome": "call back", "back_at": ""}, "Give a date and a time"),
        (
            {"caller": "512345", "outcome": "call back", "back_at": "2020-01-01T10:00"},
            "needs a time ahead",
        ),
        (
            {
                "caller": "512345",
                "outcome": "call back",
                "back_number": "1",
                "back_at": "2099-01-01T10",
            },
            "no phone",
        ),
        ({"caller": "512345", "case": "SPK-99"}, "none of their open cases"),
        ({"caller": "512345", "text": "x" * 50_001}, "characters"),
    ],
)
def test_what_cannot_be_logged_comes_back_as_it_was_typed(console, chitra, given, said):
    answer = console.post("/console/calls/new", {"text": "Typed.", "client_key": "k"} | given)
    assert answer.status_code in (409, 422)
    assert said in words(answer)
    assert given.get("text", "Typed.") in words(answer)
    assert not Ticket.objects.exists()


def test_two_with_one_number_are_asked_about(console, desk, chitra):
    find_or_make_contact(desk, "whatsapp", NUMBER, name="Devi")
    answer = log(console, caller="9447012345")
    assert answer.status_code == 422
    assert "known of more than one: Chitra Nambiar, Devi" in words(answer)


def test_another_name_at_a_known_number_is_asked_about(console, chitra):
    answer = log(console, caller="9447012345", name="Devi")
    assert "is known as Chitra Nambiar’s" in words(answer)
    log(console, caller="9447012345", name="Devi", shared="yes")
    assert Ticket.objects.get().requester.name == "Devi"


def test_it_may_be_one_of_their_open_cases(console, chitra, case):
    log(console, contact=chitra.pk, case=str(case))
    assert Ticket.objects.get() == case


def test_a_mail_address_that_is_asked_for_becomes_theirs(console, chitra):
    log(console, contact=chitra.pk, outcome="mail", address="Chitra@School.example")
    assert chitra.identities.get(channel="email").identifier == "chitra@school.example"
    assert Ticket.objects.get().waits_for == "requester"


def test_somebody_elses_address_is_not_taken_from_them(console, chitra, desk):
    find_or_make_contact(desk, "email", "devi@school.example", name="Devi")
    answer = log(console, contact=chitra.pk, outcome="mail", address="devi@school.example")
    assert "belongs to Devi" in words(answer)
    assert not Ticket.objects.exists()


def test_a_call_back_from_the_form_is_on_the_list(console, chitra):
    at = local_input(timezone.now() + timedelta(days=1))
    log(console, contact=chitra.pk, outcome="call back", back_at=at)
    page = words(console.get("/console/call-backs/"))
    assert "Chitra Nambiar" in page
    assert f'href="tel:{NUMBER}"' in page


def test_the_list_says_what_each_call_is_about_as_the_caller_was_told(console, case, asha, chitra):
    for minutes, text in ((5, "The new code for the portal."), (9, "Whether the printer works.")):
        ring = Ring(NUMBER, timezone.now() + timedelta(minutes=minutes), text=text)
        promise_call_back(case, ring, at=timezone.now(), by=asha)
    page = words(console.get("/console/call-backs/"))
    assert re.search("The new code for the portal.*Whether the printer works", page, re.DOTALL)


def test_what_a_call_is_about_is_still_said_after_it_rang_in_vain(console, case, asha):
    ring = Ring(NUMBER, timezone.now() + timedelta(hours=1), text="The new code for the portal.")
    promise_call_back(case, ring, at=timezone.now(), by=asha)
    for n in (1, 2):
        at = local_input(timezone.now() + timedelta(days=n))
        row = CallBack.objects.get(ended_at=None)
        settle(console, row, how="no answer", again_at=at, client_key=f"k{n}")
    page = words(console.get("/console/call-backs/"))
    assert "tried 2 times" in page
    assert "<q>The new code for the portal.</q>" in page


def test_where_no_more_was_promised_than_a_call_nothing_is_said_of_what_it_is_about(console, row):
    assert "<q>" not in words(console.get("/console/call-backs/"))


@pytest.fixture
def row(case, asha):
    promise_call_back(
        case, Ring(NUMBER, timezone.now() + timedelta(hours=1)), at=timezone.now(), by=asha
    )
    return CallBack.objects.get()


def settle(console, row, **given):
    return console.post(f"/console/call-backs/{row.pk}", {"client_key": "k"} | given)


def test_reached_not_reached_and_no_more_call(console, row):
    at = local_input(timezone.now() + timedelta(days=1))
    settle(console, row, how="no answer", again_at=at, reason="Engaged")
    again = CallBack.objects.get(ended_at=None)
    assert again.tries == 1
    assert "tried once" in words(console.get("/console/call-backs/"))
    settle(console, again, how="done", client_key="k2")
    assert "Nobody waits for a call" in words(console.get("/console/call-backs/"))


def test_a_call_back_is_withdrawn_with_a_reason(console, row):
    settle(console, row, how="withdraw", reason="They wrote.")
    assert CallBack.objects.get().outcome == "withdrawn"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"how": ""}, "Choose one"),
        ({"how": "no answer", "again_at": "x"}, "Give a date"),
        ({"how": "no answer", "again_at": "2020-01-01T10:00"}, "needs a time ahead"),
    ],
)
def test_what_cannot_be_settled_is_said_beside_it(console, row, given, said):
    answer = settle(console, row, **given)
    assert said in words(answer)
    assert CallBack.objects.filter(ended_at=None).count() == 1


def test_settled_by_two_it_says_so(console, row):
    settle(console, row, how="done")
    assert "already" in words(settle(console, row, how="withdraw", client_key="k2"))


def test_the_list_goes_on_by_key(console, case, asha):
    for minutes in range(1, 53):
        ring = Ring(NUMBER, timezone.now() + timedelta(minutes=minutes))
        promise_call_back(case, ring, at=timezone.now(), by=asha)
    page = words(console.get("/console/call-backs/"))
    assert page.count('class="back"') == 50
    after = re.search(r'href="\?after=([^"]+)"', page)[1]
    assert words(console.get(f"/console/call-backs/?after={after}")).count('class="back"') == 2
    assert console.get("/console/call-backs/?after=nonsense_1").status_code == 200


def test_any_ticket_offers_to_call_its_requester(console, case):
    page = words(console.get(f"/console/tickets/{case}"))
    assert "Promise the call" in page
    answer = console.post(
        f"/console/tickets/{case}/call-back",
        {"known": NUMBER, "due_at": "2099-01-01T10:00", "client_key": "k"},
    )
    assert answer.status_code == 302
    assert CallBack.objects.get().number == NUMBER
    assert "promised to call back by" in words(console.get(f"/console/tickets/{case}"))


def test_a_number_that_does_not_parse_is_said_on_the_ticket(console, case):
    answer = console.post(
        f"/console/tickets/{case}/call-back", {"number": "12", "due_at": "2099-01-01T10:00"}
    )
    assert answer.status_code == 422
    assert "is no phone number" in words(answer)


def ringing(asha, number=NUMBER, **more):
    return Call.objects.create(
        desk=asha.desk,
        provider="pbx",
        call_id="1",
        number=number,
        agent=asha,
        started_at=timezone.now(),
        **more,
    )


def test_the_call_at_ones_own_telephone_is_shown_with_who_it_is(console, asha, chitra, case):
    call = ringing(asha, contact=chitra)
    panel = words(console.get("/console/calls/now"))
    assert "Chitra Nambiar" in panel
    assert str(case) in panel
    assert f"/console/calls/new?call={call.pk}" in panel
    assert "+91 94470 12345" in words(console.get(f"/console/calls/new?call={call.pk}"))


def test_a_call_of_two_people_names_both(console, asha, desk, chitra):
    find_or_make_contact(desk, "whatsapp", NUMBER, name="Devi")
    ringing(asha)
    panel = words(console.get("/console/calls/now"))
    assert "Chitra Nambiar" in panel
    assert "Devi" in panel


def test_a_colleagues_call_is_not_shown(console, desk, chitra):
    ringing(make_agent(desk, "Bala"), contact=chitra)
    assert words(console.get("/console/calls/now")).strip() == ""


def test_a_call_put_away_is_gone_and_missed_ones_wait_in_the_list(console, asha):
    call = ringing(asha, number="", state="missed")
    assert "number withheld" in words(console.get("/console/call-backs/"))
    assert console.post(f"/console/calls/{call.pk}/putting-away").status_code == 302
    assert "number withheld" not in words(console.get("/console/call-backs/"))


def test_another_desk_sees_none_of_it(desk, asha, chitra, row):
    call = ringing(asha, contact=chitra)
    merge = ContactMerge.objects.create(
        desk=desk,
        source=find_or_make_contact(desk, "pen", "1", name="X"),
        into=chitra,
        at=timezone.now(),
    )
    stranger = signed_in(make_agent(make_desk("mukta"), "Dev"))
    for address in (
        f"/console/calls/callers/{chitra.pk}",
        f"/console/contacts/{chitra.pk}",
        f"/console/calls/new?call={call.pk}",
        f"/console/calls/new?contact={chitra.pk}",
    ):
        assert stranger.get(address).status_code == 404, address
    for address in (
        f"/console/contacts/{chitra.pk}/ways",
        f"/console/contacts/{chitra.pk}/merging",
        f"/console/merges/{merge.pk}/undoing",
        f"/console/call-backs/{row.pk}",
        f"/console/calls/{call.pk}/putting-away",
    ):
        assert stranger.post(address, {"how": "done"}).status_code == 404, address
    answer = log(stranger, contact=chitra.pk)
    assert answer.status_code == 404
    mine = find_or_make_contact(stranger_desk(), "pen", "2", name="Mine")
    assert (
        stranger.post(f"/console/contacts/{mine.pk}/merging", {"other": chitra.pk}).status_code
        == 404
    )
    assert "Chitra" not in words(stranger.get("/console/call-backs/"))
    assert words(stranger.get("/console/calls/now")).strip() == ""


def stranger_desk():
    from deskbook.people.models import HelpDesk

    return HelpDesk.objects.get(key="mukta")


def test_who_is_not_signed_in_is_asked_to(client, desk):
    for address in (
        "calls/new",
        "calls/callers",
        "calls/now",
        "call-backs/",
        "contacts/",
        "telephone/",
    ):
        assert client.get(f"/console/{address}").status_code == 302


def test_a_call_is_not_told_to_who_works_there_no_more(desk, asha, chitra):
    other = make_desk("mukta")
    Agent.objects.create(desk=other, user=asha.user)
    Call.objects.create(
        desk=desk,
        provider="pbx",
        call_id="1",
        number=NUMBER,
        agent=asha,
        contact=chitra,
        started_at=timezone.now(),
    )
    console = signed_in(asha)
    assert "Chitra Nambiar" in words(console.get("/console/calls/now"))
    Agent.objects.filter(pk=asha.pk).update(until=timezone.now() - timedelta(minutes=1))
    assert "Chitra Nambiar" not in words(console.get("/console/calls/now"))
