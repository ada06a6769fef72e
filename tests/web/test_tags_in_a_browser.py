"""Tags by the keyboard, and a list narrowed by one."""

from django.utils import timezone
from playwright.sync_api import expect

from deskbook.tickets.tags import tag_ticket
from tests.screens import everybody_can_use, press_once_seen


def test_a_known_tag_is_put_on_by_its_beginning_and_narrows_the_list(
    page, sign_in, case, open_case, asha
):
    tag_ticket(open_case("Another"), ["payroll"], at=timezone.now(), by=asha)
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    press_once_seen(page, "T")
    page.keyboard.type("pay")
    expect(page.locator("#fact-tags [role=option]")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator("#head .tag")).to_have_text("payroll")
    everybody_can_use(page, "a tagged ticket")
    page.goto("/console/?queue=open")
    expect(page.locator(".row")).to_have_count(2)
    page.locator("#f-tag").press_sequentially("pa")
    page.locator(".filters [role=option]").click()
    page.wait_for_url("**tag=payroll**")
    expect(page.locator(".row .tag").first).to_have_text("payroll")
    everybody_can_use(page, "a list narrowed by a tag")
    page.locator("#f-tag").fill("nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".state h2")).to_have_text("Nothing matches these filters")


def test_many_long_tags_of_a_long_subject_stay_in_their_column(page, sign_in, open_case, asha):
    case = open_case("The payroll report of the whole year is empty again " * 4)
    tags = [f"{n} of the long words that somebody put" for n in range(6)]
    tag_ticket(case, tags, at=timezone.now(), by=asha)
    sign_in(page, asha.user)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/console/?queue=open")
    right = "(one) => one.getBoundingClientRect().right"
    subject = page.locator(".row .subject").evaluate(right)
    assert page.locator(".row .tag").count() == 3
    assert page.locator(".row .tag").last.evaluate(right) <= subject + 1
    assert page.locator(".row .tag").last.evaluate(right) < page.locator(".row .stage").evaluate(
        "(one) => one.getBoundingClientRect().left"
    )
