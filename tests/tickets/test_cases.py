"""Hops, redirects, steps, papers, freezes, incidents: through the one door, on a real
database.
"""

import json
from datetime import UTC, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from deskbook.engine.ticket import SYSTEM
from deskbook.people.books import apply_book, read_book
from deskbook.people.roster_models import Shift
from deskbook.refusals.refusal import Refused
from deskbook.tickets import procedure, queues, relations
from deskbook.tickets.assignment import categorise_ticket, hand_over_ticket
from deskbook.tickets.carrying_over import carry_all_over, due_times_moved
from deskbook.tickets.freezes import handed_over, held
from deskbook.tickets.log import wake
from deskbook.tickets.messages import File, Written
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.papers import papers_sent
from deskbook.tickets.redirecting import redirect_ticket
from deskbook.tickets.stages import close_ticket, move_ticket
from deskbook.tickets.state import state_of
from deskbook.tickets.verify import broken_links
from tests.campaign import campaign_text, running_campaign
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk, make_organisation

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)  # noon in Maputo
HOUR = timedelta(hours=1)
VILLAGES = (
    "Província,Distrito,Posto Administrativo,Localidade,Aldeia\nTete,Moatize,Zóbuè,Samoa,{}\n"
)


@pytest.fixture
def salama():
    return running_campaign(NOON)


@pytest.fixture
def asha(salama):
    return make_agent(salama, "Asha", teams=("help desk",))


@pytest.fixture
def chitra(salama):
    return make_contact(salama)


@pytest.fixture
def logged(chitra):
    def logged(subject="The app does not open", **facets):
        severity = facets.pop("severity", "normal")
        case = NewCase(
            subject, Written("It closes at once."), "phone", severity=severity, facets=facets
        )
        return open_ticket(chitra, case, at=NOON, by=chitra).ticket

    return logged


def sentence(refused):
    return refused.value.sentence


def test_a_case_goes_up_by_a_way_of_the_book_and_the_log_keeps_channel_and_reason(logged, asha):
    ticket = logged(type="incident")
    hand_over_ticket(
        ticket, "egov india", channel="phone", reason="Needs the server", at=NOON, by=asha
    )
    entry = ticket.log.filter(kind="TeamArrived").latest("seq")
    assert entry.data["channel"] == "phone"
    assert Message.objects.get(pk=entry.data["reason"]).text == "Needs the server"
    assert Ticket.objects.get(pk=ticket.pk).team == "egov india"


def test_a_way_or_a_channel_the_book_does_not_know_is_refused_with_its_line(logged, asha):
    ticket = logged(type="incident")
    with pytest.raises(Refused) as refused:
        hand_over_ticket(ticket, "egov india", channel="whatsapp", reason="x", at=NOON, by=asha)
    assert "goes by email or phone (line " in sentence(refused)
    hand_over_ticket(ticket, "egov india", channel="phone", reason="x", at=NOON, by=asha)
    with pytest.raises(Refused) as refused:
        hand_over_ticket(ticket, "local support", channel="phone", reason="x", at=NOON, by=asha)
    assert "knows no way" in sentence(refused)
    assert "(line " in sentence(refused)


def test_a_redirected_case_ends_apart_from_the_solved_ones(logged, asha):
    ticket = logged("No drugs left")
    for _ in range(2):
        redirect_ticket(
            ticket,
            "nmcp officials",
            "phone",
            reference="Dr. M., 14:10",
            words="They bring more.",
            at=NOON,
            by=asha,
            key="once",
        )
    ticket.refresh_from_db()
    assert (ticket.outcome, ticket.is_open, ticket.stage) == ("redirected", False, "redirected")
    assert [of.id for of in queues.listed(queues.queue(asha, "redirected"))] == [ticket.pk]
    assert not queues.listed(queues.queue(asha, "closed"))
    assert queues.counts(asha)["redirected"] == 1
    assert Message.objects.filter(kind="reason").count() == 1
    assert list(broken_links([ticket])) == []


def test_a_redirect_needs_a_contact_of_the_book_their_channel_and_a_reference(logged, asha):
    ticket = logged()
    for to, channel, reference, why in (
        ("nobody", "phone", "x", "NMCP officials"),
        ("nmcp officials", "email", "x", "phone or whatsapp"),
        ("nmcp officials", "phone", " ", "reference"),
    ):
        with pytest.raises(Refused) as refused:
            redirect_ticket(ticket, to, channel, reference=reference, at=NOON, by=asha)
        assert why in sentence(refused)
    assert not Message.objects.filter(kind="reason").exists()


def test_how_a_ticket_ended_is_a_column_solved_closed_or_open(logged, asha):
    solved, closed, going = logged(), logged(), logged()
    move_ticket(solved, "resolved", at=NOON, by=asha)
    move_ticket(solved, "closed", at=NOON, by=asha)
    close_ticket(closed, at=NOON, by=asha)
    outcomes = [Ticket.objects.get(pk=ticket.pk).outcome for ticket in (solved, closed, going)]
    assert outcomes == ["solved", "closed", ""]


def test_a_mandatory_step_left_open_keeps_a_case_from_being_solved(logged, asha):
    ticket = logged(category="security")
    with pytest.raises(Refused) as refused:
        move_ticket(ticket, "resolved", at=NOON, by=asha)
    assert "“Switch off the logins used on the device”, “Tell the district supervisor”" in sentence(
        refused
    )
    for step in ("switch off the logins used on the device", "tell the district supervisor"):
        procedure.tick_step(ticket, step, at=NOON, by=asha)
    assert move_ticket(ticket, "resolved", at=NOON, by=asha).ticket.outcome == "solved"


def test_a_step_is_not_ticked_by_somebody_off_duty(logged, asha, salama):
    ticket, step = logged(category="security"), "tell the district supervisor"
    bala = make_agent(salama, "Bala", teams=("help desk",))
    Shift.objects.create(
        desk=salama, team="help desk", agent=bala, from_at=NOON - HOUR, until_at=NOON + HOUR
    )
    with pytest.raises(Refused) as refused:
        procedure.tick_step(ticket, step, at=NOON, by=asha)
    assert "not on shift" in sentence(refused)
    assert procedure.tick_step(ticket, step, at=NOON, by=bala).entries[0].kind == "StepDone"
    procedure.untick_step(ticket, step, at=NOON, by=bala)
    assert state_of(Ticket.objects.get(pk=ticket.pk)).done_steps == frozenset()


def test_what_is_missing_is_asked_for_in_the_requesters_language(logged, asha, chitra):
    chitra.language = "pt"
    chitra.save()
    ticket = logged(type="service request", category="data or content")
    for _ in range(2):
        asked = procedure.ask_for_papers(ticket, at=NOON, by=asha, key="once")
    text = Message.objects.get(kind="answer").text
    assert "Para continuar, ainda precisamos de si:" in text
    assert "– Lista de aldeias" in text
    assert state_of(asked.ticket).awaited == ("village list",)
    assert asked.ticket.stage == "waiting for the reporter"


def test_a_paper_comes_in_a_file_is_checked_by_rows_and_goes_back_with_a_reason(
    logged, asha, chitra
):
    ticket = logged(type="service request", category="data or content")
    sent_in = Written(
        "",
        files=(
            File(
                "aldeias.csv",
                "text/csv",
                VILLAGES.format("Nkondezi").encode() + b"Tete,Moatize,,Samoa,\n",
            ),
        ),
    )
    procedure.send_paper(
        ticket, "village list", sent_in, channel="portal", at=NOON, by=chitra, key="k"
    )
    procedure.send_paper(
        ticket, "village list", sent_in, channel="portal", at=NOON, by=chitra, key="k"
    )
    ticket.refresh_from_db()
    (sent,) = papers_sent(ticket)
    assert (sent.received, sent.file.name) == (True, "aldeias.csv")
    assert [(wrong.line, wrong.sentence) for wrong in sent.checked.told] == [
        (3, "Posto Administrativo is empty."),
        (3, "Aldeia is empty."),
    ]
    with pytest.raises(Refused):
        procedure.return_paper(ticket, "village list", reason=" ", at=NOON, by=asha)
    procedure.return_paper(
        ticket, "village list", reason="Line 3 has no village.", at=NOON, by=asha
    )
    ticket.refresh_from_db()
    assert not papers_sent(ticket)[0].received
    with pytest.raises(Refused):
        procedure.receive_paper(ticket, "passport", at=NOON, by=asha)


def test_nothing_is_asked_for_when_every_paper_has_come(logged, asha):
    ticket = logged(type="service request", category="data or content")
    procedure.receive_paper(ticket, "village list", at=NOON, by=asha)
    ticket.refresh_from_db()
    with pytest.raises(Refused) as refused:
        procedure.ask_for_papers(ticket, at=NOON, by=asha)
    assert "nothing to ask for" in sentence(refused)


def test_a_freeze_holds_a_change_until_its_day_and_it_comes_back_by_itself(logged, asha, salama):
    change, critical = (
        logged(type="change request"),
        logged(severity="critical", category="technical query"),
    )
    (frozen,) = held(asha)
    assert (frozen.ticket, frozen.freeze.title) == (change, "No updates during the campaign")
    assert queues.counts(asha)["held"] == 1
    assert change.next_due_clock == "pick-up"
    (going,) = handed_over(asha, at=NOON)
    assert (going.ticket, going.to) == (critical, "egov india")
    for ticket in (change, critical):
        wake(ticket.pk, at=frozen.until_at + HOUR)
    assert held(asha) == []
    assert queues.counts(asha)["held"] == 0
    assert Ticket.objects.get(pk=critical.pk).team == "egov india"


def test_incidents_of_a_problem_are_answered_with_one_text_once_each(logged, asha):
    problem, one, two, other = (
        logged(type="problem"),
        logged(type="incident"),
        logged(type="incident"),
        logged(),
    )
    for incident in (one, two):
        relations.link_tickets(incident, problem, relation="incident of", at=NOON, by=asha)
    relations.link_tickets(problem, other, at=NOON, by=asha)
    problem.refresh_from_db()
    assert relations.incidents_of(problem) == [one, two]
    for _ in range(2):
        relations.answer_incidents(
            problem, "The server is back.", then_stage="resolved", at=NOON, by=asha, key="k"
        )
    assert LogEntry.objects.filter(kind="Answered").count() == 2
    assert {ticket.outcome for ticket in Ticket.objects.filter(pk__in=[one.pk, two.pk])} == {
        "solved"
    }
    assert Ticket.objects.get(pk=other.pk).outcome == ""


def test_an_incident_that_may_not_be_solved_yet_is_named_and_the_others_are_answered(logged, asha):
    problem, bare = logged(type="problem"), logged(type="incident")
    with_steps = logged(type="incident", category="security")
    for incident in (bare, with_steps):
        relations.link_tickets(incident, problem, relation="incident of", at=NOON, by=asha)
    problem.refresh_from_db()
    answered, refused = relations.answer_incidents(
        problem, "It is back.", then_stage="resolved", at=NOON, by=asha, key="k"
    )
    assert answered == [bare]
    assert [why.facts["ticket"] for why in refused] == [str(with_steps)]
    assert not LogEntry.objects.filter(ticket=with_steps, kind="Answered").exists()


@pytest.fixture
def sparkrock():
    return make_desk("sparkrock")


@pytest.fixture
def schools(sparkrock):
    return make_organisation(sparkrock, plan="standard")


@pytest.fixture
def gita(sparkrock, schools):
    return make_contact(sparkrock, "Gita", schools)


@pytest.fixture
def bala(sparkrock):
    return make_agent(sparkrock, "Bala", role="lead")


@pytest.fixture
def case(gita):
    return open_ticket(
        gita, NewCase("A new report", Written("Please"), "portal"), at=MONDAY, by=gita
    ).ticket


def test_a_case_nobody_takes_is_shown_going_up_and_goes_up_by_itself(db):
    text = campaign_text(NOON).replace(
        "  L2: { name: L2 – Help desk,", "  L2: { name: L2 – Help desk, hands up after: 2h,"
    )
    desk = make_desk("salama", text)
    chitra = make_contact(desk)
    ticket = open_ticket(
        chitra, NewCase("x", Written("y"), "phone", severity="normal"), at=NOON, by=chitra
    ).ticket
    assert (ticket.next_due_clock, ticket.next_due_at) == ("level", NOON + 2 * HOUR)
    assert wake(ticket.pk, at=NOON + 2 * HOUR).ticket.team == "egov india"
    assert ticket.log.latest("seq").data["cause"] == "escalation"


def test_rows_written_before_there_was_an_outcome_are_told_how_they_ended(logged, asha):
    solved, closed, redirected, going = logged(), logged(), logged(), logged()
    move_ticket(solved, "resolved", at=NOON, by=asha)
    move_ticket(solved, "closed", at=NOON, by=asha)
    close_ticket(closed, at=NOON, by=asha)
    redirect_ticket(redirected, "nmcp officials", "phone", reference="x", at=NOON, by=asha)
    with connection.cursor() as cursor:
        cursor.execute("update deskbook_ticket set outcome = ''")
        cursor.execute("delete from deskbook_queuechange where queue like 'outcome:%'")
    import_module("deskbook.migrations.0004_cases").say_how_tickets_ended(
        apps, SimpleNamespace(connection=connection)
    )
    assert (
        list(
            broken_links(
                Ticket.objects.filter(pk__in=[solved.pk, closed.pk, redirected.pk, going.pk])
            )
        )
        == []
    )
    assert queues.counts(asha)["redirected"] == 1


def test_sorting_anew_during_a_freeze_holds_the_case(logged, asha, salama):
    ticket = logged(type="question")
    categorise_ticket(ticket, {"type": "app update"}, at=NOON, by=asha)
    assert [frozen.ticket for frozen in held(asha)] == [ticket]


def test_a_held_case_that_was_moved_to_work_is_in_no_list_of_held_ones(logged, asha, salama):
    change = logged(type="change request")
    move_ticket(change, "in progress", at=NOON, by=asha)
    assert held(asha) == []
    assert queues.counts(asha)["held"] == 0
    assert Ticket.objects.get(pk=change.pk).next_due_clock != "pick-up"


def test_a_freeze_that_a_new_book_ends_earlier_lets_its_cases_go_when_they_are_carried_over(
    logged, asha, salama
):
    change, now = logged(type="change request"), NOON + timedelta(days=6)
    sooner = campaign_text(NOON, lasts=timedelta(days=2))
    (move,) = (
        move
        for move in due_times_moved(salama, read_book("salama", sooner), at=now)
        if move.clock == "pick-up"
    )
    assert (move.ticket, move.new_at) == (change, now)
    newer = apply_book("salama", sooner, at=now, by=None)
    assert [frozen.ticket for frozen in held(asha)] == [change], "until it is carried over"
    carry_all_over(newer, at=now, by=SYSTEM)
    assert held(asha) == []
    assert queues.counts(asha)["held"] == 0
    assert change.log.get(kind="PickedUp").data["cause"] == "not held any more"


def test_cases_an_older_version_went_on_holding_after_they_left_are_let_go(logged, asha, salama):
    left, stays = logged(type="change request"), logged(type="change request")
    move_ticket(left, "in progress", at=NOON, by=asha)
    with connection.cursor() as cursor:
        cursor.execute(
            "update deskbook_ticket set state = state || %s where id = %s",
            [json.dumps({n: stays.state[n] for n in ("held_by", "pick_up_at")}), left.pk],
        )
        cursor.execute(
            "insert into deskbook_queuechange (desk_id, queue, change) values (%s, 'held', 1)",
            [salama.pk],
        )
        assert len(held(asha)) == 2
        cursor.execute(import_module("deskbook.migrations.0067_held_no_more").LET_GO)
    assert [frozen.ticket for frozen in held(asha)] == [stays]
    assert queues.counts(asha)["held"] == 1
    assert list(broken_links([left, stays])) == []
