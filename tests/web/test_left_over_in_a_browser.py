"""The list of what is left over, with a mouse."""

import pytest
from playwright.sync_api import expect

from deskbook.channels.email.models import InboundMail
from tests.screens import everybody_can_use
from tests.web.test_left_over_mail import hold

pytestmark = pytest.mark.browser


def test_all_of_a_page_are_discarded_and_taken_back_with_one_click_each(
    live_desk, page, sign_in, bala, desk
):
    for number in range(3):
        hold(
            desk,
            f"Report {number}",
            sender="A long name <ghost@a-long-name-of-a-domain.far.example>",
        )
    sign_in(page, bala.user)
    page.goto("/console/left-over/")
    everybody_can_use(page, "the mail that is held")
    page.get_by_label("All on this page").check()
    page.get_by_role("button", name="Discard those chosen").click()
    expect(page.get_by_text("3 were discarded.")).to_be_visible()
    assert InboundMail.objects.filter(state="dropped").count() == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Report 2")).to_be_visible()
    assert InboundMail.objects.filter(state="held", dropped_by="").count() == 3
    page.get_by_role("link", name="Look at it").first.click()
    expect(page.get_by_role("link", name="Open the original")).to_be_visible()
    everybody_can_use(page, "one of them")
