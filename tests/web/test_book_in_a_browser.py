"""The book in a real browser, on a phone and a desk, by keyboard."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.jobs.following import follow_book
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from tests.people_factory import BOOKS, make_agent, make_contact, make_desk
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser
SPARKROCK = (BOOKS / "sparkrock.yaml").read_text()
TARGET = next(line for line in SPARKROCK.splitlines() if "severity: S1, respond" in line)


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


def test_by_keyboard_a_target_is_changed_a_finding_mended_and_the_version_put_into_force(
    page, sign_in, cast
):
    sign_in(page, cast.user)
    page.goto("/console/book/")
    press_once_seen(page, "e")
    see_a_finding_and_mend_it(page)
    page.get_by_role("button", name="What would change?").press("Enter")
    expect(page.get_by_text("first response 2h → 3h")).to_be_visible()
    everybody_can_use(page, "what a version of the book would change")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.get_by_label("Open tickets follow it too").press("Space")
    before = due_times()
    page.get_by_role("button", name="Put version 2 into force").press("Enter")
    expect(page.get_by_text("version 2, in force")).to_be_visible()
    follow_book(cast.desk_id, 2, cast.pk, {})
    assert all(due_times()[case] > before[case] for case in before)
    page.get_by_role("button", name="Go back to version 1").press("Enter")
    expect(page.get_by_text("first response 3h → 2h")).to_be_visible()
    page.get_by_role("button", name="Put version 3 into force").press("Enter")
    expect(page.get_by_text("version 3, in force")).to_be_visible()


def due_times():
    """Return when each grave case is due."""
    return dict(Ticket.objects.filter(severity="s1").values_list("pk", "next_due_at"))


def see_a_finding_and_mend_it(page):
    text = page.get_by_label("The book's text")
    expect(page.locator("#found-state")).to_have_text("Nothing is wrong with this text.")
    line = SPARKROCK.splitlines().index(TARGET) + 1
    text.focus()
    page.keyboard.press("Control+Home")
    for _step in range(line - 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.press("Shift+Home")
    page.keyboard.type(TARGET.replace("respond: 2h,", "responds: 3h,"))
    expect(page.locator("#findings li").first).to_contain_text(f"Line {line}")
    expect(page.locator(".said .at-error")).to_have_count(1)
    everybody_can_use(page, "the book with a finding")
    page.set_viewport_size({"width": 1280, "height": 800})
    text.focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Alt+F8")
    page.keyboard.type(TARGET.replace("respond: 2h,", "respond: 3h,"))
    expect(page.locator("#found-state")).to_have_text("Nothing is wrong with this text.")


def test_the_editor_says_what_may_stand_at_the_cursor(page, sign_in, cast):
    sign_in(page, cast.user)
    page.goto("/console/book/edit")
    text = page.get_by_label("The book's text")
    text.fill(SPARKROCK + "\nreopening: { wi")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Space")
    expect(page.get_by_role("option").first).to_contain_text("within")
    page.keyboard.press("Enter")
    expect(text).to_have_value(SPARKROCK + "\nreopening: { within: ")


def test_without_a_script_a_text_is_checked_and_looked_at_by_its_buttons(
    chromium, live_desk, sign_in, cast
):
    context = chromium.new_context(base_url=live_desk, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, cast.user)
    page.goto("/console/book/edit")
    page.get_by_label("The book's text").fill(SPARKROCK.replace("respond: 2h", "responds: 2h"))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#findings li").first).to_contain_text("did you mean")
    context.close()


def test_scenarios_are_written_and_played_at_a_screen(page, sign_in, cast):
    sign_in(page, cast.user)
    page.goto("/console/book/scenarios")
    closure = (BOOKS / "sparkrock/closure.scenario.yaml").read_text()
    page.get_by_label("What should happen").fill(closure.replace("reminder 1 is", "reminder 2 is"))
    page.get_by_role("button", name="Play").press("Enter")
    expect(page.get_by_text("otherwise").first).to_be_visible()
    everybody_can_use(page, "scenarios of the book")
