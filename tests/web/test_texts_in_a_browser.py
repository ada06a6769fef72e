"""The screens of texts as a browser shows them, on a phone and on a desk, in light and dark."""

import pytest
from django.utils import timezone

from deskbook.channels.sms.models import TextMessage
from tests.channels.sms.texting_desk import connect, texting_desk
from tests.people_factory import make_agent
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser


@pytest.fixture
def omar(live_desk):
    desk = texting_desk()
    connect(desk, "exotel")
    TextMessage.objects.create(
        desk=desk,
        key="k",
        number="+919437012345",
        text="Your request is MUK-7.",
        purpose="acknowledgement",
        state="failed",
        reason="The gateway reports: failed DND.",
        queued_at=timezone.now(),
    )
    return make_agent(desk, "Omar", role="owner")


def test_everybody_can_use_them_and_nothing_is_cut_off(page, sign_in, omar):
    sign_in(page, omar.user)
    for address in (
        "/console/texts/",
        "/console/texts/gateway",
        "/console/texts/gateway?preset=kannel",
    ):
        page.goto(address)
        everybody_can_use(page, address)


def test_what_the_gateway_needs_is_folded_away_until_something_in_it_is_wrong(page, sign_in, omar):
    sign_in(page, omar.user)
    page.goto("/console/texts/gateway")
    assert not page.get_by_label("Address").is_visible()
    page.get_by_label("Texts a minute, at most").fill("0")
    page.get_by_role("button", name="Save").click()
    assert page.get_by_label("Address").is_visible()
    assert page.get_by_text("A whole number from 1 to 6000.").is_visible()
