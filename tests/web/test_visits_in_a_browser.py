"""Visits by keyboard, and their screens for everybody: narrow and wide, read out and seen."""

import pytest
from playwright.sync_api import expect

from deskbook.tickets.site_visits import answer_visit, carry_out_visit
from tests.screens import everybody_can_use, press_once_seen
from tests.visit_desk import Office, visit_of

pytestmark = pytest.mark.browser


@pytest.fixture
def office(live_desk):
    return Office()


def test_a_lead_decides_and_dates_a_visit_without_a_mouse(page, sign_in, office):
    ticket = office.asked()
    sign_in(page, office.bala.user)
    page.goto(f"/console/tickets/{ticket}")
    page.keyboard.press("V")
    page.locator("#fact-site-visit a").press("Enter")
    page.wait_for_url("**/visit")
    page.keyboard.press("1")
    page.get_by_label("Why", exact=True).fill("Fourteen people are many.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Approved. Now choose who goes and when.")).to_be_visible()
    page.get_by_role("checkbox", name="Ravi").press("Space")
    page.locator(f"input[name=day][value='{office.workday(2).date()}']").press("Space")
    page.get_by_label("A word to the requester").fill("Please have the computers ready.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Dated. The requester and those who go are told.")).to_be_visible()
    assert visit_of(ticket).people == [office.ravi.pk]
    press_once_seen(page, "g", "v")
    page.wait_for_url("**/console/visits/")
    expect(page.locator("table")).to_contain_text("Ravi")


def test_enter_where_a_no_is_explained_says_no(page, sign_in, office):
    ticket = office.dated()
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, office.chitra.user)
    page.goto(f"/desk/payroll/cases/{ticket}/")
    page.get_by_label("If it does not suit").fill("A holiday here; the 11th would do.")
    page.get_by_label("If it does not suit").press("Enter")
    expect(page.get_by_text("The desk looks for another date.")).to_be_visible()
    expect(page.locator(".a-visit")).to_contain_text("A holiday here; the 11th would do.")
    assert visit_of(ticket).suits is False


@pytest.fixture
def addresses(office):
    ticket, over = office.dated(office.ravi, office.meera), office.over(office.meera)
    answer_visit(
        ticket, visit_of(ticket).visit, False, reason="Pay day.", at=office.now, by=office.chitra
    )
    carry_out_visit(over, visit_of(over).visit, at=office.now, by=office.meera)
    asked, on = office.asked(), office.workday(2).date()
    console = (
        f"/console/tickets/{ticket}/visit",
        f"/console/tickets/{over}/visit",
        f"/console/tickets/{asked}/visit",
        "/console/visits/",
        f"/console/visits/?view=week&on={on}",
        f"/console/visits/?view=month&on={on}",
        f"/console/tickets/{ticket}",
    )
    portal = tuple(f"/desk/payroll/cases/{one}/" for one in (ticket, over, asked, office.case()))
    return console, (*portal, "/desk/payroll/visits/new/")


def test_every_screen_fits_its_window_and_passes_the_checks_of_wcag(
    page, sign_in, office, addresses
):
    for user, where in ((office.bala.user, addresses[0]), (office.chitra.user, addresses[1])):
        sign_in(page, user)
        for address in where:
            page.goto(address)
            everybody_can_use(page, address)
