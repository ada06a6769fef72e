"""A call is written down as a case, or on one, with what was agreed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from deskbook.channels.email.models import OutboundMail
from deskbook.channels.phone.callers import callers_like, numbers_of, open_cases_of, people_at
from deskbook.channels.phone.calls import Spoken, keep_way, log_call
from deskbook.channels.phone.models import Call
from deskbook.channels.phone.numbers import is_withheld, starts_of
from deskbook.jobs.letters import acknowledge, carry_answer
from deskbook.people.contacts import find_or_make_contact
from deskbook.people.numbers import NoNumber, number_of
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.call_backs import Ring
from deskbook.tickets.models import Ticket
from deskbook.tickets.untold_models import Untold
from tests.people_factory import make_agent, make_contact, make_desk, make_organisation
from tests.rung_desk import NUMBER


def log(spoken, asha, key="k"):
    return log_call(spoken, at=timezone.now(), by=asha, key=key)


@pytest.mark.parametrize(
    "typed",
    [
        "5123",
        "512345",
        "Chit",
        "nambiar",
        "chitra namb",
        "94470",
        "09447012345",
        "+91 94470",
        "hill road",
        "Kannur",
    ],
)
def test_a_caller_is_found_by_the_beginning_of_pen_name_number_or_office(asha, chitra, typed):
    assert [caller.contact for caller in callers_like(asha, typed)] == [chitra]


def test_a_caller_is_found_by_their_organisation_and_shows_their_open_cases(
    asha, desk, chitra, case
):
    chitra.organisation = make_organisation(desk, "Taluk Hospital")
    chitra.save()
    [caller] = callers_like(asha, "taluk")
    assert (caller.where, caller.open_cases, caller.known_by[0]) == ("Taluk Hospital", 1, "512345")


def test_nobody_of_another_desk_is_found(asha, chitra):
    elsewhere = make_agent(make_desk("mukta"), "Dev")
    assert callers_like(elsewhere, "Chitra") == []


def test_one_letter_finds_nobody_and_signs_break_nothing(asha, chitra):
    for typed in ("", "c", "' or 1=1 --", "%%", "& | !", "\\", "( :*", "അനി"):
        assert callers_like(asha, typed) == []


def test_a_new_case_is_opened_for_the_caller_and_says_who_wrote_it_down(asha, chitra):
    ticket = log(Spoken(chitra, "The OTP does not come.", facets={"type": "error report"}), asha)
    opened = ticket.log.get(kind="Opened").data
    assert (opened["requester"], opened["recorded_by"], opened["channel"]) == (
        str(chitra.pk),
        str(asha.pk),
        "phone",
    )
    assert opened["facets"]["type"] == "error report"


def test_a_call_about_an_open_case_is_written_on_it(asha, chitra, case):
    ticket = log(Spoken(chitra, "They ask when it will be done.", ticket=case), asha)
    assert ticket == case
    assert case.log.filter(kind="CustomerWrote", data__channel="phone").count() == 1


def test_solved_on_the_phone_meets_the_answer_and_mails_nothing(asha, desk, chitra):
    keep_way(chitra, "email", "chitra@school.example", by=asha)
    ticket = log(Spoken(chitra, "How do I log in?", outcome="solved", told="By the mobile."), asha)
    assert ticket.log.filter(kind="Answered").count() == 1
    ticket.refresh_from_db()
    assert ticket.outcome == "solved" or ticket.stage == "replied"
    carry_answer(ticket.log.get(kind="Answered").pk)
    assert not OutboundMail.objects.filter(purpose="answer").exists()


@pytest.mark.parametrize("outcome", ["open", "call back"])
def test_what_was_told_is_kept_however_the_call_goes_on(asha, chitra, outcome):
    ring = Ring(NUMBER, timezone.now() + timedelta(hours=2))
    ticket = log(
        Spoken(chitra, "HRA is wrong.", outcome=outcome, told="Try the form again.", ring=ring),
        asha,
    )
    [note] = ticket.messages.filter(kind="note")
    assert "Try the form again." in note.text
    assert ticket.outcome != "solved"
    assert ticket.log.filter(kind="Answered").count() == 0


def test_going_on_by_mail_asks_for_the_details_and_waits(asha, chitra):
    keep_way(chitra, "email", "chitra@school.example", by=asha)
    ticket = log(
        Spoken(chitra, "HRA is wrong.", outcome="mail", told="The order of the office."), asha
    )
    ticket.refresh_from_db()
    assert ticket.waits_for == "requester"
    carry_answer(ticket.log.get(kind="Answered").pk)
    [mail] = OutboundMail.objects.filter(purpose="answer")
    text = bytes(mail.raw).decode()
    assert mail.recipient == "chitra@school.example"
    assert f"info+t.{ticket.pk}." in text
    assert f"/desk/spark/cases/{ticket}" in text
    assert "The order of the office." in text


def test_who_goes_on_by_mail_has_one_mail_with_the_number_and_no_other_beside_it(asha, chitra):
    keep_way(chitra, "email", "chitra@school.example", by=asha)
    ticket = log(Spoken(chitra, "HRA is wrong.", outcome="mail"), asha)
    acknowledge(ticket.log.get(kind="Opened").pk)
    carry_answer(ticket.log.get(kind="Answered").pk)
    [mail] = OutboundMail.objects.filter(ticket=ticket)
    assert (mail.purpose, str(ticket) in bytes(mail.raw).decode()) == ("answer", True)
    assert ticket.log.get(kind="Acknowledged").data["channel"] == "email"
    assert not Untold.objects.filter(entry__ticket=ticket).exists()


def test_a_call_back_is_promised_in_the_same_breath(asha, chitra):
    ring = Ring(NUMBER, timezone.now() + timedelta(hours=2))
    ticket = log(Spoken(chitra, "Salary slip", outcome="call back", ring=ring), asha)
    assert CallBack.objects.get(ticket=ticket).number == NUMBER


def test_the_same_form_sent_twice_is_one_case(asha, chitra):
    ring = Ring(NUMBER, timezone.now() + timedelta(hours=2))
    spoken = Spoken(chitra, "Salary slip", outcome="call back", ring=ring)
    assert log(spoken, asha) == log(spoken, asha)
    assert (Ticket.objects.count(), CallBack.objects.count()) == (1, 1)


def test_what_cannot_be_promised_logs_nothing(asha, chitra):
    ring = Ring(NUMBER, timezone.now() - timedelta(hours=2))
    with pytest.raises(Refused, match="ahead"):
        log(Spoken(chitra, "Salary slip", outcome="call back", ring=ring), asha)
    assert not Ticket.objects.exists()


def test_the_call_itself_is_settled_by_logging_it(asha, desk, chitra):
    call = Call.objects.create(
        desk=desk, provider="pbx", call_id="1", number=NUMBER, started_at=timezone.now()
    )
    ticket = log(Spoken(chitra, "Salary slip", call=call), asha)
    call.refresh_from_db()
    assert (call.ticket, call.contact) == (ticket, chitra)
    assert call.settled_at


def test_two_people_with_one_number_are_both_named(asha, desk, chitra):
    devi = find_or_make_contact(desk, "whatsapp", NUMBER, name="Devi")
    assert people_at(desk, NUMBER) == [chitra, devi]


def test_who_was_found_to_call_from_a_number_is_named_for_it_next_time(asha, desk, chitra):
    devi = make_contact(desk, "Devi")
    call = Call.objects.create(
        desk=desk, provider="pbx", call_id="1", number=NUMBER, started_at=timezone.now()
    )
    log(Spoken(devi, "Salary slip", call=call), asha)
    assert people_at(desk, NUMBER) == [chitra, devi]
    assert {caller.contact for caller in callers_like(asha, "9447012345")} == {chitra, devi}


def test_open_cases_of_the_organisation_come_after_the_callers_own(desk, chitra, case, asha):
    office = make_organisation(desk, "Taluk Hospital")
    devi = make_contact(desk, "Devi", organisation=office)
    chitra.organisation = office
    chitra.save()
    from deskbook.tickets.messages import Written
    from deskbook.tickets.opening import NewCase, open_ticket

    other = open_ticket(
        devi, NewCase("Leave", Written("?"), "email"), at=timezone.now(), by=devi
    ).ticket
    assert open_cases_of(chitra, asha) == [case, other]


def test_somebody_elses_address_stays_theirs(desk, asha, chitra):
    devi = make_contact(desk, "Devi")
    assert not keep_way(chitra, "email", "devi@spark-customer.example", by=asha)
    assert numbers_of(devi) == []
    assert keep_way(chitra, "email", "Chitra@School.example", by=asha)
    assert keep_way(chitra, "email", "chitra@school.example", by=asha)


@pytest.mark.parametrize(
    "typed",
    ["9447012345", "09447 012345", "+91 94470-12345", "0091 9447012345", "tel:+919447012345;ext=2"],
)
def test_a_number_is_kept_with_its_country(typed):
    assert number_of(typed, "IN") == NUMBER


@pytest.mark.parametrize("typed", ["", "12", "512345", "abc", "+1", "9" * 40, "+91"])
def test_what_is_no_number_is_said_so_with_an_example(typed):
    with pytest.raises(NoNumber, match=r"write it like \+91"):
        number_of(typed, "IN")


@pytest.mark.parametrize("sent", ["", "anonymous", "Restricted", "+266696687", " private "])
def test_a_withheld_number_is_known_by_its_words(sent):
    assert is_withheld(sent)


def test_the_beginning_of_a_number_is_looked_for_with_its_country():
    assert starts_of("0944", "IN") == ["0944", "+0944", "+91944"]
    assert starts_of("abc", "IN") == []
