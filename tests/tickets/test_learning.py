"""The load of last month, learned from the desk's tickets, people and roster."""

from datetime import timedelta

import pytest

from deskbook.people.books import desk_in_force
from deskbook.people.roster_models import Leave, Shift
from deskbook.simulation.event_logs import Case, write_log
from deskbook.simulation.load_file import read_load
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.learning import learned_load
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.replaying import nothing_is_written, opened_since
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.tickets.test_replaying import BOOK

pytestmark = pytest.mark.django_db
NEXT_WEEK = MONDAY + timedelta(weeks=1)


@pytest.fixture
def helpdesk(db):
    """Return a desk with three cases of one Monday, each answered a quarter of an hour later."""
    helpdesk = make_desk("small", BOOK)
    chitra, asha = make_contact(helpdesk), make_agent(helpdesk, teams=("front",))
    make_agent(helpdesk, "Bala", teams=("front", "workshop"))
    for minutes in (0, 30, 60):
        at = MONDAY + timedelta(minutes=minutes)
        case = NewCase("Printer", Written("It hums."), "portal", severity="low")
        ticket = open_ticket(chitra, case, at=at, by=chitra).ticket
        answer_ticket(ticket, Written("Off and on."), at=at + timedelta(minutes=15), by=asha)
    return helpdesk


def test_cases_work_and_people_are_learned_and_nothing_is_written(helpdesk):
    before, desk = LogEntry.objects.count(), desk_in_force(helpdesk)
    text, shifts = learned_load(helpdesk, desk, at=NEXT_WEEK)
    load = read_load(text, desk, roster=shifts)
    assert sum(load.streams[0].by_hour) == 0.75, "three in four weeks"
    assert set(load.handling[-1].takes.points) == {timedelta(minutes=15)}
    assert {people.teams: len(people.names) for people in load.people} == {
        ("front",): 1,
        ("front", "workshop"): 1,
    }
    assert LogEntry.objects.count() == before


def test_who_was_on_the_roster_is_there_on_their_shifts_but_for_their_leave(helpdesk):
    asha = helpdesk.agents.get(user__name="Asha")
    ends_at, goes_at = MONDAY + timedelta(hours=8), MONDAY + timedelta(hours=5)
    Shift.objects.create(desk=helpdesk, agent=asha, team="front", from_at=MONDAY, until_at=ends_at)
    for state, from_at in ((Leave.State.ACCEPTED, goes_at), (Leave.State.ASKED, MONDAY)):
        Leave.objects.create(
            desk=helpdesk, agent=asha, from_at=from_at, until_at=ends_at, state=state,
            asked_at=MONDAY,
        )  # fmt: skip
    desk = desk_in_force(helpdesk)
    text, shifts = learned_load(helpdesk, desk, at=NEXT_WEEK)
    load = read_load(text, desk, roster=shifts)
    assert [people.shifts for people in load.people if people.shifts] == [((MONDAY, goes_at),)]
    assert len(load.people) == 2, "she is not counted a second time"


def test_the_log_of_a_desk_is_written_for_miners_and_nothing_of_the_desk_is(helpdesk, tmp_path):
    before = LogEntry.objects.count()
    past = opened_since(helpdesk, MONDAY + timedelta(minutes=15))
    file = tmp_path / "log.xes"
    desk = desk_in_force(helpdesk)
    with nothing_is_written():
        assert write_log(file, desk, (Case(*one) for one in past)) == 2
    assert f'value="{helpdesk.prefix}-2"' in file.read_text()
    assert "hums" not in file.read_text() and LogEntry.objects.count() == before
