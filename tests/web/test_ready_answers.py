"""Ready answers: kept by leads for the desk and by everybody for themselves, put into an answer."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskbook.engine import decide_tags
from deskbook.tickets.models import Draft
from deskbook.tickets.ready_answer_models import ReadyAnswer
from deskbook.tickets.ready_answers import MOST, VARIABLES, filled_ready_answer

PAGE = Path(__file__).parents[2] / "docs/operating/answers-and-tags.md"


def keep(client, name="Thanks", address="/console/answers/new", **more):
    sent = {"name": name, "text.en": "Thank you, {name}.", **more}
    return client.post(address, sent, follow=True).content.decode()


@pytest.fixture
def of_the_desk(desk, db):
    return ReadyAnswer.objects.create(
        desk=desk,
        name="Reset",
        texts={"en": "Dear {name}, we reset it. {agent}", "pt": "Olá {name}."},
    )


def test_what_a_lead_keeps_for_everybody_is_offered_to_all_and_what_an_agent_keeps_to_nobody_else(
    console, as_bala, at_ticket, asha
):
    keep(as_bala, "For all", shared="yes")
    keep(as_bala, "Bala’s own")
    keep(console, "Asha’s own")

    offered = console.get(at_ticket("insertions/")).content.decode()

    assert "For all" in offered
    assert "Asha’s own" in offered
    assert "Bala’s own" not in offered


def test_an_agent_keeps_nothing_for_the_desk(console, case):
    keep(console, "Mine", shared="yes")

    assert ReadyAnswer.objects.get().owner is not None


def test_an_agent_neither_changes_nor_drops_what_is_the_desks(console, as_bala, of_the_desk):
    address = f"/console/answers/{of_the_desk.pk}"

    assert console.get(address).status_code == 404
    assert console.post(f"{address}/dropping").status_code == 404
    keep(as_bala, "Reset twice", address, shared="yes")
    assert ReadyAnswer.objects.get().name == "Reset twice"
    as_bala.post(f"{address}/dropping")
    assert not ReadyAnswer.objects.exists()


def test_what_is_typed_narrows_what_is_offered(console, at_ticket, of_the_desk):
    assert "Reset" in console.get(at_ticket("insertions/?q=res")).content.decode()
    assert "Reset" not in console.get(at_ticket("insertions/?q=resx")).content.decode()


def test_an_answer_comes_with_its_braces_filled(console, at_ticket, of_the_desk, case):
    said = console.get(at_ticket(f"insertions/answer/{of_the_desk.pk}")).content.decode()

    assert said == "Dear Chitra, we reset it. Asha"


def test_an_answer_comes_in_the_requesters_language_where_it_is_there(case, of_the_desk, asha):
    case.requester.language = "pt"
    assert filled_ready_answer(of_the_desk, case, by=asha) == "Olá Chitra."
    case.requester.language = "hi"
    assert filled_ready_answer(of_the_desk, case, by=asha).startswith("Dear Chitra")


def test_the_due_time_is_said_on_the_requesters_clock_and_stays_in_braces_where_nothing_is_due(
    case, of_the_desk, asha
):
    of_the_desk.texts = {"en": "By {due}"}
    case.requester.zone = "Asia/Kolkata"
    case.next_due_at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert "17:30 IST" in filled_ready_answer(of_the_desk, case, by=asha)
    case.next_due_at = None
    assert filled_ready_answer(of_the_desk, case, by=asha) == "By {due}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Give it a name."),
        ({"text.en": ""}, "Write what it says, in one language at least."),
        ({"text.en": "Dear {nmae}"}, "Nothing fills in {nmae}. What is filled in: {name}, "),
    ],
)
def test_what_cannot_be_kept_says_why_and_keeps_what_was_typed(console, case, typed, said):
    page = keep(console, **{"name": "Thanks", **typed})

    assert said in page
    assert not ReadyAnswer.objects.exists()


def test_the_same_name_is_kept_once_for_one_owner(console, as_bala, case):
    keep(console, "Thanks")
    assert "“thanks” is there already" in keep(console, "thanks")
    keep(as_bala, "Thanks")
    assert ReadyAnswer.objects.count() == 2


def test_without_a_script_an_answer_is_chosen_on_a_page_and_stands_below_what_was_typed(
    console, at_ticket, of_the_desk, asha, case
):
    page = at_ticket("insertions/answer/")
    shown = console.post(page, {"text": "Good morning.", "act": "answer"}, follow=True)
    assert "Dear Chitra, we reset it. Asha" in shown.content.decode()

    back = console.post(at_ticket(f"insertions/answer/{of_the_desk.pk}"), follow=True)

    assert "Good morning.\n\nDear Chitra, we reset it. Asha</textarea>" in back.content.decode()
    assert Draft.objects.get(user=asha.user).fields["act"] == "answer"


def test_the_page_for_those_who_run_a_desk_names_what_is_filled_in_and_the_limits():
    page = PAGE.read_text()
    assert re.findall(r"^\| `\{(\w+)\}` \|", page, re.M) == list(VARIABLES)
    for said in (
        f"has {MOST} at most",
        f"at most {decide_tags.LONGEST} characters",
        f"has {decide_tags.MOST} at most",
    ):
        assert said in page
