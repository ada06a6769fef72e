"""A desk on a wall: seen by whoever has its link, until that is shut."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.wallboards import add_wallboard, revoke_wallboard
from deskbook.tickets.assignment import assign_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import counter_desk, pmu, take
from tests.costs import statements_of
from tests.screens import everybody_can_use, one_line
from tests.web.test_roster_screen import text

BOARDS = "/console/wallboards/"
WEEK = timedelta(weeks=1)


@pytest.fixture
def wall(desk, bala):
    """Returns where the wallboard is."""
    _board, secret = add_wallboard(desk, "Office", at=timezone.now(), by=bala)
    return f"/wall/{secret}/"


def shown(wall):
    return one_line(text(Client().get(wall)))


def test_a_lead_makes_a_link_that_shows_the_desk_to_whoever_has_it_until_it_is_shut(
    as_bala, open_case, desk
):
    case = open_case()
    page = text(as_bala.post(BOARDS, {"name": "Office"}))
    wall = re.search(r"(/wall/[\w-]+/)", page)[1]
    assert str(case) in shown(wall)
    assert wall not in text(as_bala.get(BOARDS)), "it is shown once"
    as_bala.post(f"{BOARDS}{desk.wallboards.get().pk}/revoking")
    assert Client().get(wall).status_code == 404


def test_a_wall_shows_no_names_and_no_words_of_those_who_wrote(wall, open_case, chitra):
    case = open_case("My salary and my illness")
    page = shown(wall)
    assert str(case) in page
    for told in (case.subject, chitra.name, chitra.organisation.name):
        assert told not in page


def test_it_counts_who_waits_by_channel_and_what_is_late_next(wall, open_case):
    open_case()
    open_case()
    page = shown(wall)
    assert '<b>2</b> <span class="cut">Customer Success Center</span>' in page
    assert page.count("data-countdown") == 2


@pytest.mark.parametrize(
    ("weeks", "said"), [(3, r"<b>1</b> *</dd>"), (9, r"<b>1</b> *<span>usually 1 by now</span>")]
)
def test_today_stands_beside_the_same_weekday_of_the_weeks_before_once_there_are_enough(
    wall, desk, chitra, weeks, said
):
    zone = zone_named(desk_in_force(desk).zone)
    began = timezone.now().astimezone(zone).replace(hour=0, minute=0, second=1)
    for n in range(weeks):
        case = NewCase("A case", Written("It is empty"), "portal", severity="s3")
        open_ticket(chitra, case, at=began - n * WEEK, by=chitra)

    assert re.search(rf"<dt>New</dt> <dd> {said}", shown(wall))


def test_the_tokens_that_wait_are_on_it(db):
    site = pmu(counter_desk(ALWAYS))
    _board, secret = add_wallboard(site.helpdesk, "Hall", at=timezone.now(), by=None)
    for _visitor in range(3):
        take(site, at=timezone.now())
    assert "3 waiting" in shown(f"/wall/{secret}/")


def test_links_are_made_and_shut_by_leads_alone(console, desk, bala):
    board, _secret = add_wallboard(desk, "Office", at=timezone.now(), by=bala)
    assert console.get(BOARDS).status_code == 404
    assert console.post(f"{BOARDS}{board.pk}/revoking").status_code == 404
    board.refresh_from_db()
    assert board.revoked_at is None


def test_a_wall_asks_few_questions(wall, open_case):
    for n in range(8):
        open_case(f"Case {n}")
    shown(wall)
    assert len(statements_of(lambda: shown(wall))) <= 7


@pytest.mark.browser
def test_what_happens_at_the_desk_is_on_the_wall_at_once_and_a_link_that_is_shut_shows_nothing(
    page, live_desk, wall, open_case, desk, asha
):
    page.goto(wall)
    expect(page.get_by_text("Nobody waits.")).to_be_visible()
    expect(page.locator("#live.on")).to_be_visible()
    case = open_case()
    assign_ticket(case, asha, at=timezone.now(), by=asha)
    expect(page.get_by_text(str(case))).to_be_visible(timeout=5000)
    everybody_can_use(page, "a wallboard", widths=(1920, 1280, 360))
    revoke_wallboard(desk.wallboards.get(), at=timezone.now())
    expect(page.get_by_text(str(case))).to_have_count(0, timeout=8000)
