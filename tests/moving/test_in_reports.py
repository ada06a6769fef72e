"""Reports count what came from elsewhere as what it was there, and measure no promise by it."""

from datetime import date, datetime

import pytest

from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.reports.all import REPORTS
from deskbook.reports.report import Asked
from deskbook.reports.steps import steps_between
from deskbook.tickets.course_models import Course
from deskbook.tickets.models import Ticket
from tests.moving.elsewhere import brought, in_file, small_desk
from tests.people_factory import make_agent

pytestmark = pytest.mark.django_db
DAYS = (date(2024, 3, 1), date(2024, 3, 31))
LINES = (
    "1,Printer,chitra@school.example,2024-03-04 10:00,2024-03-04 14:00,Closed,Urgent,,,,,,,It hums.",
    "1,,,,,,,,,,answer,asha@small.example,2024-03-04 16:00,Late.",
    "2,Ghost,dev@school.example,2024-03-05 10:00,,Open,Low,,,,,,,Still there.",
)


@pytest.fixture
def desk(db, tmp_path):
    desk = small_desk()
    make_agent(desk)
    brought(desk, in_file(tmp_path, *LINES))
    return desk


def counted(desk, key, *days):
    book = desk_in_force(desk)
    report = REPORTS[key]
    asked = Asked(desk.pk, book, steps_between(*days, book.zone), {}, report.by)
    _lines, together = report.answer(asked)
    return {column.key: together.number(column) for column in report.columns}


def test_they_came_when_they_came_there_and_not_today(desk):
    today = datetime.now(zone_named(desk_in_force(desk).zone)).date()
    assert counted(desk, "flow", *DAYS)["new"] == 2
    assert counted(desk, "flow", today, today)["new"] == 0


def test_no_promise_was_kept_or_missed_on_them(desk):
    assert {value for key, value in counted(desk, "kept", *DAYS).items()} <= {0, None}


def test_no_team_here_solved_them(desk):
    assert counted(desk, "hops", *DAYS)["solved"] == 0
    assert not any(counted(desk, "visits", *DAYS).values())


def test_none_of_them_is_late(desk):
    assert not Ticket.objects.filter(breached=True).exists()
    assert not Course.objects.exclude(missed=[]).exists()
