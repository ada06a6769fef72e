"""The book in a real browser, on a phone and a desk, by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(live_desk):
    desk = make_desk("sparkrock")
    owner = make_agent(desk, "Olga", role="owner", teams=("support",))
    chitra = make_contact(desk)
    for days, severity in ((0, "s1"), (0, "s2"), (9, "s2"), (1, "s3")):
        case = NewCase(
            "The payroll report is empty", Written("Empty."), "portal", severity=severity
        )
        open_ticket(chitra, case, at=timezone.now() - timedelta(days=days), by=chitra)
    return owner


def test_the_book_is_read_by_keyboard_with_what_is_late_beside_its_line(page, sign_in, cast):
    sign_in(page, cast.user)
    page.goto("/console/")
    press_once_seen(page, "g", "y")
    line = page.locator("li", has_text="severity: S2, respond")
    expect(line.get_by_role("link", name="1 late")).to_be_visible()
    everybody_can_use(page, "the book")
    page.set_viewport_size({"width": 1280, "height": 800})
    line.get_by_role("link", name="1 late").press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    everybody_can_use(page, "tickets on a line of the book")
