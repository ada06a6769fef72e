"""An operator puts an article into a chat, as into an answer on a ticket."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.chat import talk
from deskbook.channels.chat.talk import Device
from deskbook.people.books import desk_in_force
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from tests.article_factory import release, write
from tests.channels.chat.desk import BOOK
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def helpdesk(live_desk):
    return make_desk("pay", BOOK)


@pytest.fixture
def console(page, sign_in, helpdesk):
    asha, bala = (
        make_agent(helpdesk, "Asha", teams=("office",)),
        make_agent(helpdesk, "Bala", "lead"),
    )
    release(write(asha, "See your arrears", "Open My bill."), asha, bala)
    channel = desk_in_force(helpdesk).channel_of("chat")
    for number, (name, asked) in enumerate(
        {"Chitra": "My arrears are missing.", "Dev": "The bill is stuck."}.items()
    ):
        device = Device(f"{number}" * 64, "en", "")
        talk.begin(make_contact(helpdesk, name), channel, Written(asked), device, at=timezone.now())
    page.set_default_timeout(20_000)
    sign_in(page, asha.user)
    page.goto("/console/chats/")
    return page


def test_an_operator_puts_an_article_into_the_chat_they_are_in_by_keyboard(console):
    for name in ("Chitra", "Dev"):
        console.get_by_role("button", name=f"Take: {name}").click()
        expect(console.locator(".pane.current h2")).to_have_text(name)
    console.keyboard.press("Alt+1")
    said = console.locator(".pane.current textarea")
    said.fill("Good morning")
    console.keyboard.press("Alt+i")
    expect(console.locator(".pane.current .insert [role=option]").first).to_contain_text(
        "See your arrears"
    )
    accessible(console, "inserting an article into a chat")
    console.keyboard.press("Enter")
    expect(said).to_have_value(
        "Good morning\n\nSee your arrears\n"
        + console.url.partition("/console")[0]
        + "/desk/pay/articles/see-your-arrears/\n"
    )
    expect(said).to_be_focused()
    expect(console.locator(".pane:not(.current) textarea")).to_have_value("")
    assert Message.objects.count() == 2  # nothing was sent by choosing


def test_on_a_phone_an_article_is_put_in_as_text(console):
    console.set_viewport_size({"width": 360, "height": 740})
    console.get_by_role("button", name="Take: Chitra").click()
    console.locator(".pane.current .insert summary").click()
    console.get_by_label("Insert an article", exact=True).select_option("text")
    expect(console.locator(".insert [role=listbox], .insert [role=combobox]").first).to_be_visible()
    found = console.locator(".pane.current .insert [data-typeahead]")
    found.fill("arrears")
    panel = console.locator(".pane.current .insert .panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= 360
    console.locator(".pane.current .insert [role=option]").click()
    expect(console.locator(".pane.current textarea")).to_have_value(
        "See your arrears\n\nOpen My bill.\n"
    )


def test_a_chat_is_taken_by_a_press_during_which_the_list_of_who_waits_grows(console, helpdesk):
    console.get_by_role("button", name="Take: Chitra").hover()
    console.mouse.down()
    channel = desk_in_force(helpdesk).channel_of("chat")
    device = Device("9" * 64, "en", "")
    talk.begin(
        make_contact(helpdesk, "Eva"), channel, Written("And mine?"), device, at=timezone.now()
    )
    expect(console.get_by_role("button", name="Take: Eva")).to_be_visible()
    console.mouse.up()
    expect(console.locator(".pane.current h2")).to_have_text("Chitra")
