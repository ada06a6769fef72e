"""What agents do on a ticket, and what comes back when it cannot be done."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import LONGEST_TEXT, Written
from deskbook.tickets.models import Draft, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.participants import add_participant, change_requester
from deskbook.tickets.relations import merge_ticket
from deskbook.tickets.stages import close_ticket
from deskbook.tickets.state import state_of
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation


@pytest.fixture
def post(console, at_ticket):
    return lambda part, **given: console.post(at_ticket(part), given)


@pytest.fixture
def now_is(case):
    def fresh():
        case.refresh_from_db()
        return state_of(case)

    return fresh


def local(at):
    return f"{timezone.localtime(at, timezone.get_fixed_timezone(-300)):%Y-%m-%dT%H:%M}"


def kinds(case):
    return list(case.log.order_by("seq").values_list("kind", flat=True))


def test_an_answer_is_recorded_and_the_draft_of_it_goes(post, case, asha, at_ticket, console):
    console.post("/console/drafts", {"key": f"ticket {case.pk}", "text": "Half a sen"})
    assert "Half a sen" in console.get(at_ticket()).content.decode()
    answered = post("writing", act="answer", text="It is fixed.", client_key="k1")
    assert answered.status_code == 302
    assert answered.cookies["accepted"].value.startswith("ticket")
    assert kinds(case).count("Answered") == 1
    assert not Draft.objects.exists()


def test_a_double_submit_is_one_answer(post, case):
    post("writing", act="answer", text="It is fixed.", client_key="same")
    post("writing", act="answer", text="It is fixed.", client_key="same")
    assert kinds(case).count("Answered") == 1
    assert Message.objects.filter(kind="answer").count() == 1


@pytest.mark.parametrize("act", ["answer", "note"])
def test_other_words_from_a_page_one_went_back_to_are_kept_too(post, case, act):
    post(act, text="It is fixed.", client_key="same")
    post(act, text="No: it is not.", client_key="same")
    said = Message.objects.filter(ticket=case, kind=act).order_by("pk")
    assert [one.text for one in said] == ["It is fixed.", "No: it is not."]


def test_a_promise_of_other_words_by_the_same_form_is_another(post, case):
    for text in ("I call", "I write", "I write"):
        post("promises", text=text, due_at="2030-01-02T10:00", client_key="same")
    assert kinds(case).count("Promised") == 2


def test_an_empty_answer_is_refused_beside_the_box(post, case):
    back = post("answer", text="  ", stage="investigation")
    assert back.status_code == 422
    assert "Write something first." in back.content.decode()
    assert kinds(case).count("Answered") == 0


def test_the_second_of_two_answers_is_warned_and_keeps_its_text(post, case, bala):
    seen = case.seq
    answer_ticket(case, Written("Bala was faster."), at=timezone.now(), by=bala)
    back = post("answer", text="My long answer", last_seen=seen, client_key="k")
    page = back.content.decode()
    assert back.status_code == 409
    assert "My long answer" in page
    assert "Bala was faster." in page
    assert "Send anyway" in page
    case.refresh_from_db()
    assert (
        post("answer", text="My long answer", last_seen=case.seq, client_key="k").status_code == 302
    )
    assert kinds(case).count("Answered") == 2


@pytest.mark.parametrize("act", ["answer", "question"])
def test_what_goes_to_another_requester_than_it_was_written_for_is_sent_at_a_second_press_alone(
    post, case, bala, desk, act
):
    seen, was = case.seq, str(case.requester)
    noor = make_contact(desk, "Noor")
    change_requester(case, noor, follows=False, at=timezone.now(), by=bala)
    back = post(act, text="For you alone", last_seen=seen, client_key="k")
    page = back.content.decode()
    assert back.status_code == 409
    assert "For you alone" in page
    assert f"it goes to Noor now, not to {was} any more." in page
    assert kinds(case).count("Answered") == 0
    case.refresh_from_db()
    assert post(act, text="For you alone", last_seen=case.seq, client_key="k").status_code == 302


def test_who_follows_since_an_answer_was_begun_is_named_before_it_goes_to_them(
    post, case, bala, desk
):
    seen, noor = case.seq, make_contact(desk, "Noor")
    add_participant(case, noor, at=timezone.now(), by=bala)
    assert post("note", text="For us", last_seen=seen).status_code == 302
    back = post("answer", text="For you alone", last_seen=seen)
    assert (back.status_code, kinds(case).count("Answered")) == (409, 0)
    assert "it goes to Noor now, too." in back.content.decode()


def test_whose_case_was_merged_in_since_an_answer_was_begun_is_named_before_it_goes_to_them(
    post, case, bala, desk
):
    seen, noor = case.seq, make_contact(desk, "Noor")
    theirs = NewCase("The same", Written("Me too"), "portal")
    other = open_ticket(noor, theirs, at=timezone.now(), by=noor).ticket
    merge_ticket(other, case, across=True, at=timezone.now(), by=bala)
    back = post("answer", text="For you alone", last_seen=seen)
    assert (back.status_code, kinds(case).count("Answered")) == (409, 0)
    assert "it goes to Noor now, too." in back.content.decode()


def test_that_others_read_the_same_ticket_anew_keeps_no_answer_back(post, case, bala, desk):
    noor = make_contact(desk, "Noor")
    add_participant(case, noor, at=timezone.now(), by=bala)
    case.refresh_from_db()
    seen = case.seq
    note_on_ticket(case, Written("Known."), at=timezone.now(), by=bala)
    change_requester(case, noor, follows=True, at=timezone.now(), by=bala)
    assert post("answer", text="For you both", last_seen=seen).status_code == 302


def test_a_note_stays_inside(post, case):
    post("note", text="Same as last week")
    assert kinds(case)[-1] == "Noted"
    assert Message.objects.get(kind="note").text == "Same as last week"


def test_asking_says_what_is_awaited_and_pauses_the_clock(post, case, now_is):
    post("question", text="Please send it", awaited=["logs", "steps"], awaited_else="the invoice")
    assert now_is().awaited == ("logs", "steps")
    assert Message.objects.get(pk=now_is().awaited_words).text == "the invoice"
    assert case.stage == "waiting for customer"


def test_answer_and_next_goes_to_the_next_of_the_queue(console, open_case, case):
    other = open_case("Another one", severity="s3")
    sent = console.post(
        f"/console/tickets/{case}/writing",
        {"act": "answer", "text": "Done", "then": "next", "trail": "queue=open"},
    )
    assert sent.headers["Location"] == f"/console/tickets/{other}?queue=open"


def test_taking_makes_the_agent_the_owner_and_the_second_is_told(
    post, case, as_bala, at_ticket, asha
):
    post("taking")
    case.refresh_from_db()
    assert case.owner == asha
    told = as_bala.post(at_ticket("taking"), follow=True).content.decode()
    assert "toast tone-red" in told


def test_assigning_finds_people_by_a_part_of_the_name(post, case, bala):
    post("assignment", owner="bal")
    case.refresh_from_db()
    assert case.owner == bala


def test_assigning_to_a_stranger_keeps_what_was_typed(post, case):
    back = post("assignment", owner="Zarathustra")
    page = back.content.decode()
    assert back.status_code == 422
    assert "Nobody at this desk is called" in page
    assert 'value="Zarathustra"' in page


def test_a_stage_the_book_does_not_allow_is_refused_with_its_rule(post, case):
    back = post("stage", stage="new-fangled")
    assert back.status_code == 409
    assert "the book does not allow" in back.content.decode()


def test_a_stage_that_needs_a_statement_asks_for_it_and_keeps_the_rest(post, case, now_is):
    back = post("stage", stage="waiting for vendor", **{"needs.vendor": "Fourth Party Ltd"})
    page = back.content.decode()
    assert back.status_code == 409
    assert "state" in page
    assert "Fourth Party Ltd" in page
    both = {"needs.vendor": "Fourth Party Ltd", "needs.reference": "FP-9"}
    assert post("stage", stage="waiting for vendor", **both).status_code == 302
    assert now_is().stage == "waiting for vendor"


def test_another_severity_than_claimed_needs_a_reason(post, case, now_is):
    back = post("severity", severity="s1")
    assert back.status_code == 409
    assert "Say why" in back.content.decode()
    assert "claimed (the requester reads it)" in back.content.decode()
    post("severity", severity="s1", reason="Nobody can be paid")
    assert (now_is().claimed, now_is().verified) == ("s2", "s1")


def test_a_promise_needs_a_text_and_a_time_and_can_be_kept(post, case, now_is):
    assert (
        "Give a date and a time."
        in post("promises", text="I will call", due_at="soon").content.decode()
    )
    assert "Say what is promised." in post("promises", due_at="2040-01-01T10:00").content.decode()
    post("promises", text="I will call", due_at=local(timezone.now() + timedelta(days=2)))
    promise = now_is().promises[0]
    assert promise.is_open
    post(f"promises/{promise.id}/keeping")
    assert not now_is().promises[0].is_open


def test_the_next_update_is_agreed_where_the_book_leaves_it_open(console, open_case, asha):
    case = open_case(severity="s3")
    answer_ticket(case, Written("We look into it."), at=timezone.now(), by=asha)
    due = {"due_at": local(timezone.now() + timedelta(days=3))}
    assert console.post(f"/console/tickets/{case}/next-update", due).status_code == 302
    case.refresh_from_db()
    assert state_of(case).next_update_at is not None


@pytest.fixture
def as_another(desk):
    """A colleague of Asha's who merged nothing."""
    client = Client()
    client.force_login(make_agent(desk, "Kofi").user, "django.contrib.auth.backends.ModelBackend")
    return client


def test_tickets_are_merged_and_taken_apart_again_by_who_merged_them_and_by_leads(
    post, open_case, as_bala, as_another, at_ticket, now_is
):
    other = open_case("The same once more")
    post("merge", other=str(other))
    assert now_is().merged_into == str(other)
    assert as_another.post(at_ticket("unmerging")).status_code == 404
    assert post("unmerging").status_code == 302
    assert now_is().merged_into is None
    post("merge", other=str(other))
    assert as_bala.post(at_ticket("unmerging")).status_code == 302
    assert now_is().merged_into is None


def test_a_merged_ticket_looks_merged_on_its_page_and_in_a_search(
    post, case, open_case, console, at_ticket
):
    other = open_case("The same once more")
    post("merge", other=str(other))
    assert "Since this morning" in console.get(f"/console/tickets/{other}").content.decode()
    page = console.get(at_ticket()).content.decode()
    assert f'href="/console/tickets/{other}">{other} The same once more</a>' in page
    assert 'class="composer"' not in page
    found = console.get("/console/search", {"q": "payroll"}).content.decode()
    assert found.count(">Merged</span>") == 1


def test_cases_of_two_organisations_are_merged_after_a_question_that_names_both(
    post, desk, case, console, at_ticket
):
    other = make_contact(desk, "Dev", make_organisation(desk, "Harbour Housing", plan="standard"))
    theirs = open_ticket(
        other, NewCase("Alike", Written("x"), "portal"), at=timezone.now(), by=other
    ).ticket
    asked = post("merge", other=str(theirs))
    assert asked.status_code == 422
    page = asked.content.decode()
    assert "of Chitra (Northwind Schools)" in page and "of Dev (Harbour Housing)" in page
    assert "Yes, merge them" in page
    assert post("merge", other=str(theirs), across="yes").status_code == 302


def test_tickets_are_linked_both_ways_and_a_wrong_number_is_said(
    post, case, open_case, now_is, console
):
    other = open_case("Looks alike")
    assert "There is no ticket" in post("links", other="SPR-999").content.decode()
    post("links", other=str(other.number))
    assert now_is().linked == {str(other)}
    assert str(case) in console.get(f"/console/tickets/{other}").content.decode()
    post("links", other=str(other), undo="yes")
    assert now_is().linked == frozenset()


def test_closing_by_hand_is_refused_where_the_book_leaves_it_to_the_requester(post, now_is):
    back = post("closure")
    assert back.status_code == 409
    assert "the book does not allow" in back.content.decode()
    assert now_is().closed_at is None


def test_a_closed_case_refuses_an_answer_but_keeps_its_text(post, case, chitra):
    close_ticket(case, at=timezone.now(), by=chitra)
    back = post("answer", text="One thing more")
    assert back.status_code == 409
    assert "Reopen it first" in back.content.decode()
    assert "One thing more" in back.content.decode()


def test_a_call_is_logged_for_somebody_new(console, desk, asha):
    given = {
        "requester": "new@far.example",
        "name": "Eve",
        "subject": "Phone",
        "text": "It rings",
        "channel": "phone",
    }
    logged = console.post("/console/tickets/new", {**given, "client_key": "n1"})
    again = console.post("/console/tickets/new", {**given, "client_key": "n1"})
    assert logged.status_code == again.status_code == 302
    ticket = Ticket.objects.get()
    assert str(ticket.requester) == "Eve"
    assert ticket.log.get(seq=1).data["recorded_by"] == str(asha.pk)


def test_a_caller_is_found_by_a_staff_number_and_an_unknown_one_is_no_phone_number(
    console, desk, chitra
):
    ContactIdentity.objects.create(contact=chitra, desk=desk, channel="pen", identifier="482913")
    given = {"subject": "Pay slip", "text": "It is empty", "channel": "phone"}
    unknown = console.post(
        "/console/tickets/new", {**given, "requester": "482914", "client_key": "n1"}
    )
    assert unknown.status_code == 422
    assert "The directory has no number “482914”" in unknown.content.decode()
    assert "It is empty" in unknown.content.decode()
    console.post("/console/tickets/new", {**given, "requester": "482913", "client_key": "n2"})
    assert Ticket.objects.get().requester == chitra


def test_a_case_for_nobody_comes_back_as_it_was_typed(console, desk):
    back = console.post("/console/tickets/new", {"text": "A long story", "requester": ""})
    assert back.status_code == 422
    assert "Say who it is for" in back.content.decode()
    assert "A long story" in back.content.decode()


def test_a_case_is_for_somebody_of_whom_no_more_than_the_name_is_known(console, desk):
    given = {"requester": "", "name": "Xavier Andante", "text": "Came by", "client_key": "n1"}
    for _twice in range(2):
        console.post("/console/tickets/new", given)
    assert str(Ticket.objects.get().requester) == "Xavier Andante"
    assert Contact.objects.filter(name="Xavier Andante").count() == 1


def test_a_case_comes_by_a_channel_and_with_facets_of_the_book_only(console, desk):
    given = {
        "requester": "new@far.example",
        "subject": "Phone",
        "text": "It rings",
        "facet.diary": "private",
    }
    assert (
        console.post(
            "/console/tickets/new", {**given, "channel": "a pigeon that flies"}
        ).status_code
        == 422
    )
    console.post("/console/tickets/new", {**given, "channel": "phone"})
    assert "diary" not in Ticket.objects.get().state["facets"]


def test_a_date_beyond_the_calendar_is_asked_for_again(post, case):
    back = post("promises", text="A call", due_at="9999-12-31T23:59")
    assert back.status_code == 422
    assert "Give a date and a time." in back.content.decode()


def test_people_and_tickets_are_suggested_while_typing(console, case, bala):
    assert "Bala" in console.get("/console/suggestions/agents?q=ba").content.decode()
    assert "Chitra" in console.get("/console/suggestions/contacts?q=chit").content.decode()
    assert case.subject in console.get("/console/suggestions/tickets?q=payroll").content.decode()
    assert console.get(f"/console/suggestions/tickets?q=payroll&not={case}").content == b""


def test_what_was_said_of_an_act_waits_for_the_page_and_is_not_lost_in_a_refresh_of_parts(
    as_bala, post, at_ticket
):
    post("taking")
    as_bala.post(at_ticket("taking"))
    said = "Somebody else took this ticket a moment ago"
    # No part it swaps shows it.
    assert said not in as_bala.get(at_ticket(), HTTP_X_REFRESH="1").content.decode()
    assert said in as_bala.get(at_ticket()).content.decode()


@pytest.mark.parametrize(
    "part", ["promises", "passing", "answer", "steps/a", "papers/b", "taking", "stage", "links"]
)
def test_the_address_of_an_act_asked_for_alone_leads_to_the_ticket(console, at_ticket, case, part):
    refused_and_reloaded = console.get(at_ticket(part), HTTP_X_REFRESH="1")
    assert (refused_and_reloaded.status_code, refused_and_reloaded.headers["Location"]) == (
        302,
        at_ticket(),
    )
    assert case.log.count() == case.seq


@pytest.mark.parametrize("act", ["answer", "note"])
def test_a_text_longer_than_the_portal_takes_is_refused_with_its_length(post, case, act):
    back = post("writing", act=act, text="x" * (LONGEST_TEXT + 1))
    assert back.status_code == 422
    assert "This has 50001 characters; at most 50000 fit." in back.content.decode()
    assert case.log.count() == case.seq


def test_then_next_goes_on_in_the_queue_whatever_the_form_itself_sets(console, case, open_case):
    other = open_case("Other")
    given = {
        "act": "note",
        "text": "Done",
        "then": "next",
        "trail": "queue=open",
        "stage": "investigation",
    }
    sent = console.post(f"/console/tickets/{case}/writing", given)
    assert sent.headers["Location"] == f"/console/tickets/{other}?queue=open"


def test_a_case_is_logged_at_the_desk_whose_form_it_was_not_at_the_one_opened_last(
    client, asha, chitra
):
    elsewhere = make_desk("mukta")
    Agent.objects.create(desk=elsewhere, user=asha.user, role="agent")
    client.force_login(asha.user, "django.contrib.auth.backends.ModelBackend")
    form = client.get("/console/tickets/new?desk=sparkrock").content.decode()
    assert client.get("/console/?desk=mukta").status_code == 200
    at_desk = re.search(r'name="at_desk" value="(\w+)"', form)[1]
    given = {"at_desk": at_desk, "subject": "X", "text": "Y", "channel": "phone"}
    given |= {"severity": "s2", "client_key": "k", "requester": "new@customer.example"}
    logged = client.post("/console/tickets/new", given)
    assert logged.headers["Location"].startswith("/console/tickets/SPR-"), logged.content.decode()


def test_the_button_says_before_that_an_answer_takes_a_case_of_nobodys(
    post, case, asha, console, at_ticket
):
    assert "Send and take" in console.get(at_ticket()).content.decode()
    post("writing", act="answer", text="It is fixed.", client_key="k1")
    assert Ticket.objects.get(pk=case.pk).owner == asha
    page = console.get(at_ticket()).content.decode()
    assert "Send and take" not in page
    assert "Asha took the ticket by answering it" in page


@pytest.mark.parametrize(
    ("act", "given"),
    [
        ("stage", "stage"),
        ("assignment", "team"),
        ("assignment", "owner"),
        ("severity", "severity"),
        ("links", "other"),
        ("merge", "other"),
        ("redirect", "to"),
        ("steps/{}", ""),
        ("papers/{}", "file"),
    ],
)
def test_what_is_refused_quotes_little_of_what_was_sent(console, case, at_ticket, act, given):
    much = "odd" * 1_000
    where = at_ticket(act.format(much))
    page = console.post(
        where, {given: much, "severity": much} if given else {}, follow=True
    ).content.decode()
    kept_in_the_form = len(re.findall(rf'value="{much}"', page))
    assert page.count(much) == kept_in_the_form
