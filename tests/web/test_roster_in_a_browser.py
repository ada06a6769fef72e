"""The roster by keyboard, and its screens for everybody: narrow and wide, read out and seen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.people.roster_models import Shift
from tests.people.roster_desk import HOUR, campaign_desk, crew
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
ROSTER = "/console/roster/?team=help+desk"


@pytest.fixture
def cast(live_desk):
    asha, kofi, bala = crew(campaign_desk())
    now = timezone.now()
    monday = (now - timedelta(days=now.weekday())).replace(
        hour=4, minute=0, second=0, microsecond=0
    )
    for day in range(7):
        begins = monday + timedelta(days=day)
        Shift.objects.create(
            desk=asha.desk, agent=asha, team="help desk", from_at=begins, until_at=begins + 8 * HOUR
        )
    return asha, kofi, bala


def test_a_lead_walks_the_grid_and_adds_a_shift_without_a_mouse(page, sign_in, cast):
    _asha, kofi, bala = cast
    sign_in(page, bala.user)
    page.goto(ROSTER)
    page.locator("tbody .own td a.add").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("a:focus")).to_have_attribute(
        "aria-label", "Add a shift: Kofi, " + tuesday(page)
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**/shifts/new*")
    expect(page.get_by_label("Who")).to_have_value(str(kofi.pk))
    page.get_by_label("Until").fill("12:00")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/roster/**team=**")
    expect(page.get_by_text("The shift is on the roster.")).to_be_visible()
    assert (
        Shift.objects.get(agent=kofi).until_at - Shift.objects.get(agent=kofi).from_at == 6 * HOUR
    )


def tuesday(page):
    return page.locator("thead th").nth(2).inner_text()


def test_every_screen_fits_its_window_and_passes_the_checks_of_wcag(page, sign_in, cast):
    asha, _kofi, bala = cast
    sign_in(page, bala.user)
    shift = Shift.objects.filter(agent=asha).last()
    for address in (
        ROSTER,
        f"/console/roster/shifts/{shift.pk}",
        "/console/people/",
        f"/console/people/agents/{asha.pk}",
        "/console/people/contacts/",
        "/console/people/codes",
        "/console/lists/?what=shifts",
        "/first/",
    ):
        page.goto(address)
        everybody_can_use(page, address)
