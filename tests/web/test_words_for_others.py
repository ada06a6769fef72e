"""What is typed beside a ticket goes to nobody whom its writer did not know of."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.conversation import answer_ticket, note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.participants import add_participant, change_requester
from deskbook.tickets.promises import make_promise
from deskbook.tickets.what_follows import rows
from tests.people_factory import make_contact

ACTS = {
    "promises": {"text": "I will call"},
    "call-back": {"number": "+14165550142", "text": "About your case"},
}


@pytest.fixture
def noors(case, bala, desk):
    """The case was given to Noor after Asha saw it, who saw it at this seq."""

    def given(**typed):
        seen, noor = case.seq, make_contact(desk, "Noor")
        change_requester(case, noor, follows=False, at=timezone.now(), by=bala)
        return {**typed, "last_seen": seen, "client_key": "k"}

    return given


def kinds(case):
    return list(case.log.order_by("seq").values_list("kind", flat=True))


def local(after):
    return f"{timezone.now() + after:%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize("act", ACTS)
def test_what_would_be_told_to_another_requester_comes_back_and_is_done_at_a_second_press(
    console, at_ticket, case, act, noors
):
    typed = {**ACTS[act], "due_at": local(timedelta(days=2))}
    typed = noors(**typed)
    before = len(kinds(case))
    back = console.post(at_ticket(act), typed)
    page = back.content.decode()
    assert (back.status_code, len(kinds(case))) == (409, before)
    assert "it goes to Noor now" in page, re.findall(r'class="notice.*?</div>', page, re.DOTALL)
    assert all(words in page for words in ACTS[act].values())
    shown = re.search(rf'action="[^"]*/{act}".*?name="last_seen" value="(\d+)"', page, re.DOTALL)
    again = console.post(at_ticket(act), {**typed, "last_seen": shown[1]})
    assert again.status_code == 302
    assert len(kinds(case)) > before


def test_the_words_by_which_a_promise_is_withdrawn_go_to_whose_case_it_was(
    console, at_ticket, case, asha, noors
):
    make_promise(
        case, "I will call", timezone.now() + timedelta(days=1), at=timezone.now(), by=asha
    )
    case.refresh_from_db()
    promise = case.log.get(kind="Promised").data["promise"]
    typed = noors(text="I cannot, Chitra")
    back = console.post(at_ticket(f"promises/{promise}/withdrawal"), typed)
    assert back.status_code == 409
    assert "I cannot, Chitra" in back.content.decode()
    assert "PromiseWithdrawn" not in kinds(case)


def test_no_more_call_is_said_to_nobody_who_was_not_to_be_called(console, case, asha, noors):
    ring = Ring("+14165550142", timezone.now() + timedelta(hours=3), text="About it")
    promise_call_back(case, ring, at=timezone.now(), by=asha)
    case.refresh_from_db()
    page = console.get(reverse("console-call-backs")).content.decode()
    assert page.count(f'name="last_seen" value="{case.seq}"') == 2
    address = reverse("console-call-back-row", args=[CallBack.objects.get().pk])
    back = console.post(address, noors(how="withdraw", reason="No more, Chitra"))
    assert back.status_code == 409
    assert "it goes to Noor now" in back.content.decode()
    assert "PromiseWithdrawn" not in kinds(case)


def test_a_follower_who_came_keeps_back_nothing_that_the_requester_alone_is_told(
    console, at_ticket, case, bala, desk
):
    seen = case.seq
    add_participant(case, make_contact(desk, "Noor"), at=timezone.now(), by=bala)
    typed = {"text": "I will call", "due_at": local(timedelta(days=2)), "last_seen": seen}
    assert console.post(at_ticket("promises"), typed).status_code == 302


def test_what_stays_at_the_desk_is_kept_back_by_nothing(console, at_ticket, case, bala, noors):
    note_on_ticket(case, Written("Known."), at=timezone.now(), by=bala)
    typed = noors(stage="investigation")
    assert console.post(at_ticket("note"), {**typed, "text": "For us"}).status_code == 302


def test_both_are_said_of_an_answer_that_somebody_was_quicker_with_and_that_goes_to_others_now(
    console, at_ticket, case, bala, noors
):
    typed = noors(text="For you alone")
    answer_ticket(case, Written("Bala was faster."), at=timezone.now(), by=bala)
    page = console.post(at_ticket("answer"), typed).content.decode()
    assert "Bala was faster." in page
    assert "it goes to Noor now" in page


def test_every_form_about_a_ticket_says_what_its_writer_saw(console, at_ticket, case):
    for address in (at_ticket(), at_ticket("visit")):
        page = console.get(address).content.decode()
        forms = re.findall(
            r'<form[^>]*method="post"[^>]*action="[^"]*/tickets/.*?</form>', page, re.DOTALL
        )
        saw = f'name="last_seen" value="{case.seq}"'
        assert forms or address != at_ticket(), page
        assert [form for form in forms if saw not in form] == []


def test_whatever_is_always_told_is_told_to_somebody():
    assert [kind for kind, row in rows().items() if row.is_always_told and not row.told] == []
