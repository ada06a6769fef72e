"""The screens of WhatsApp in a real browser: by keyboard, on a phone, and for those who hear
them.
"""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from deskbook.demo.past.whatsapp import make_whatsapp
from deskbook.tickets.models import Ticket
from tests.campaign import running_campaign
from tests.people_factory import make_agent
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
GROUP = "[10:30, 15/12/2025] Ana: O tablet não liga\n[10:31, 15/12/2025] Ana: Equipa 3\n"


@pytest.fixture
def asha(live_desk):
    desk = running_campaign(datetime.now(UTC))
    asha = make_agent(desk, "Asha", role="owner", teams=("help desk",))
    make_whatsapp(desk, [asha], at=datetime.now(UTC))
    return asha


def test_every_screen_of_whatsapp_fits_and_reads_well(page, sign_in, asha):
    sign_in(page, asha.user)
    page.goto("/console/whatsapp/")
    chat = page.locator("a[href*='/whatsapp/chats/']").first.get_attribute("href")
    ticket = Ticket.objects.get(subject__startswith="A aldeia")
    for address in (
        "/console/whatsapp/",
        "/console/whatsapp/account",
        chat,
        f"{chat}/picks?line=3&line=5",
        ticket,
    ):
        page.goto(address if isinstance(address, str) else f"/console/tickets/{address}")
        everybody_can_use(page, str(address))


def test_a_report_is_logged_by_keyboard_in_a_few_keys(page, sign_in, asha):
    sign_in(page, asha.user)
    page.goto("/console/?queue=open")
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/console/whatsapp/")
    page.locator("#paste").focus()
    page.keyboard.insert_text(GROUP)
    page.keyboard.press("Control+Enter")
    page.locator("[name='r0.place']").focus()
    page.keyboard.type("Monapo")
    page.keyboard.press("Control+Enter")
    expect(page.locator("body")).to_contain_text("Logged: SAL-")
    ticket = Ticket.objects.get(subject="O tablet não liga")
    assert "Equipa 3" in ticket.messages.get().text
