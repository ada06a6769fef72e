"""What somebody typed can be erased: the log holds ids of messages, and its chain stays whole."""

import json

import pytest

from deskbook.engine.events import InformationRequested, StageChanged
from deskbook.engine.ticket import Actor
from deskbook.people.books import desk_at
from deskbook.refusals.refusal import Refused
from deskbook.tickets.awaited import awaited_on
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.log import act
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.stages import move_ticket, stated_for
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.people_factory import MONDAY, make_contact
from tests.tickets.merged_cases import case_of

pytestmark = pytest.mark.django_db
TO_A_VENDOR = {"vendor": "Meera of Intuit", "reference": "77-A"}


@pytest.fixture
def case(desk):
    return case_of(make_contact(desk, "Chitra"))


def stated(case):
    desk = desk_at(case.desk_id, case.book_version)
    return stated_for(case, desk.stages["waiting for vendor"])


def awaited(case):
    case = Ticket.objects.get(pk=case.pk)
    return awaited_on(case, desk_at(case.desk_id, case.book_version), state_of(case))


def in_the_log(case):
    return json.dumps(list(LogEntry.objects.filter(ticket=case).values_list("data", flat=True)))


def test_who_takes_a_case_outside_is_no_part_of_the_log(case, asha):
    move_ticket(case, "waiting for vendor", stated=TO_A_VENDOR, at=MONDAY, by=asha)
    assert stated(case) == TO_A_VENDOR
    assert "Meera" not in in_the_log(case)


def test_what_was_typed_of_a_question_is_no_part_of_the_log(case, asha):
    asked = ["logs", "the passport of Meera"]
    ask_requester(case, Written("Please send it."), asked, at=MONDAY, by=asha)
    assert awaited(case) == ["log files", "the passport of Meera"]
    assert "Meera" not in in_the_log(case)


def test_erased_it_is_nowhere_and_the_chain_is_whole(case, asha):
    move_ticket(case, "waiting for vendor", stated=TO_A_VENDOR, at=MONDAY, by=asha)
    ask_requester(case, Written("Please."), ["Meera's word"], at=MONDAY, by=asha)
    Message.objects.filter(ticket=case).update(text="")
    assert stated(case) == {} and awaited(case) == []
    assert not list(broken_links([Ticket.objects.get(pk=case.pk)]))


def test_a_stage_is_still_refused_while_one_of_its_needs_is_blank(case, asha):
    half = {"vendor": "Intuit", "reference": "  "}
    with pytest.raises(Refused) as refused:
        move_ticket(case, "waiting for vendor", stated=half, at=MONDAY, by=asha)
    assert refused.value.refusal.facts["missing"] == ("reference",)
    assert not Message.objects.filter(text__contains="Intuit").exists()


def test_what_is_typed_is_kept_where_a_solved_case_comes_back_by_it_too(case, asha):
    move_ticket(case, "complete", at=MONDAY, by=asha)
    move_ticket(case, "waiting for vendor", stated=TO_A_VENDOR, at=MONDAY, by=asha)
    assert LogEntry.objects.filter(ticket=case).latest("seq").kind == "Reopened"
    assert stated(case) == TO_A_VENDOR


def test_old_entries_say_what_they_hold(case, asha):
    happened = [
        StageChanged("waiting for vendor", stated=TO_A_VENDOR),
        InformationRequested("1", ("logs", "the invoice")),
    ]
    act(case.pk, lambda _desk, _state: happened, at=MONDAY, by=Actor("agent", str(asha.pk)))
    assert stated(case) == TO_A_VENDOR
    assert awaited(case) == ["log files", "the invoice"]
