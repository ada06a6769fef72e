"""A visitor on a phone and an operator at a desk, each in a real browser."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.chat import queue, talk
from deskbook.channels.chat.models import ChatSession
from deskbook.people.models import ContactIdentity
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message
from tests.channels.chat.desk import BOOK, CLOSED
from tests.people_factory import make_agent, make_contact, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
SOON = 20_000


@pytest.fixture
def desk(live_desk):
    return make_desk("pay", BOOK)


@pytest.fixture
def employee(desk):
    """Put somebody into the directory."""

    def known(name="Chitra", pen="512345", mobile="+919447000001"):
        contact = make_contact(desk, name)
        for channel, identifier in (("pen", pen), ("phone", mobile)):
            ContactIdentity.objects.create(
                contact=contact, desk=desk, channel=channel, identifier=identifier
            )
        return contact

    return known


@pytest.fixture
def phone(chromium, live_desk):
    """A phone of its own: 360 pixels wide, not signed in."""
    opened, errors = [], []

    def window(width=360, **more):
        context = chromium.new_context(
            base_url=live_desk, viewport={"width": width, "height": 740}, **more
        )
        page = context.new_page()
        page.set_default_timeout(SOON)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda said: errors.append(said.text) if "Content Security" in said.text else None,
        )
        opened.append(context)
        return page

    yield window
    for context in opened:
        context.close()
    assert errors == []


def begin(
    page, pen="512345", name="Chitra", mobile="9447000001", text="My DA arrears are missing."
):
    page.goto("/chat/pay/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("PEN").fill(pen)
    page.get_by_label("Registered mobile").fill(mobile)
    page.get_by_label("How can we help?").fill(text)
    page.get_by_role("button", name="Begin the chat").click()
    return page


def write(page, text):
    page.get_by_label("Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


@pytest.fixture
def asha(desk):
    return make_agent(desk, "Asha", teams=("office",))


@pytest.fixture
def console(page, sign_in, asha):
    page.set_default_timeout(SOON)
    sign_in(page, asha.user)
    page.goto("/console/chats/")
    return page


def test_two_talk_and_see_each_other_type_and_read(employee, phone, console):
    employee()
    visitor = begin(phone())
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    console.get_by_role("button", name="Take: Chitra").click()
    pane = console.locator(".pane")
    expect(pane.locator(".pane-log")).to_contain_text("My DA arrears are missing.", timeout=SOON)
    expect(visitor.locator("#where")).to_contain_text("Asha is here.", timeout=SOON)
    pane.get_by_role("textbox").press_sequentially("We look.")
    expect(visitor.locator("#typing")).to_contain_text("Asha is typing", timeout=SOON)
    pane.get_by_role("textbox").press("Enter")
    expect(visitor.locator("#lines")).to_contain_text("We look.", timeout=SOON)
    expect(pane.locator("li.own .mark")).to_contain_text("Read", timeout=SOON)
    write(visitor, "<img src=x onerror=alert(1)> see https://spark.example/a?b=c.")
    expect(pane.locator(".pane-log")).to_contain_text("<img src=x onerror=alert(1)>", timeout=SOON)
    expect(pane.locator(".pane-log a[href='https://spark.example/a?b=c']")).to_be_visible()
    assert Message.objects.filter(channel="live chat").count() == 3


def test_what_is_written_while_the_line_is_down_goes_out_once_when_it_is_back(
    employee, phone, console
):
    employee()
    visitor = begin(phone())
    console.get_by_role("button", name="Take: Chitra").click()
    expect(visitor.locator("#where")).to_contain_text("Asha is here.", timeout=SOON)
    visitor.context.set_offline(True)
    write(visitor, "Written in a tunnel")
    write(visitor, "And this too")
    expect(visitor.locator(".bubble.waits").first).to_contain_text("Not sent yet", timeout=SOON)
    console.locator(".pane").get_by_role("textbox").fill("Are you there?")
    console.locator(".pane").get_by_role("textbox").press("Enter")
    visitor.context.set_offline(False)
    expect(visitor.locator("#lines")).to_contain_text("Are you there?", timeout=SOON)
    expect(console.locator(".pane-log")).to_contain_text("And this too", timeout=SOON)
    expect(visitor.locator(".bubble.waits")).to_have_count(0, timeout=SOON)
    texts = [
        "My DA arrears are missing.",
        "Are you there?",
        "Written in a tunnel",
        "And this too",
    ]
    assert sorted(Message.objects.values_list("text", flat=True)) == sorted(texts)
    for text in texts:
        expect(visitor.locator("#lines").get_by_text(text, exact=True)).to_have_count(1)
        expect(console.locator(".pane-log").get_by_text(text, exact=True)).to_have_count(1)


def test_a_page_loaded_again_goes_on_where_it_was_with_what_was_not_sent(employee, phone):
    employee()
    visitor = begin(phone())
    expect(visitor.locator("#lines")).to_contain_text("My DA arrears", timeout=SOON)
    visitor.route("**/lines/", lambda route: route.abort())
    write(visitor, "Half a line")
    expect(visitor.locator(".bubble.waits")).to_contain_text("Not sent yet", timeout=SOON)
    visitor.unroute("**/lines/")
    visitor.reload()
    expect(visitor.locator("#lines")).to_contain_text("My DA arrears", timeout=SOON)
    expect(visitor.locator(".bubble.own:not(.waits)")).to_have_count(2, timeout=SOON)
    assert Message.objects.filter(text="Half a line").count() == 1


def test_where_no_stream_comes_through_the_page_asks(employee, phone, console):
    employee()
    page = phone()
    page.route("**/live/chat/**", lambda route: route.abort())
    visitor = begin(page)
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    console.get_by_role("button", name="Take: Chitra").click()
    console.locator(".pane").get_by_role("textbox").fill("Hello")
    console.locator(".pane").get_by_role("textbox").press("Enter")
    expect(visitor.locator("#lines")).to_contain_text("Hello", timeout=SOON)


def test_what_the_other_said_just_before_ones_own_line_is_not_passed_over(
    employee, phone, desk, asha
):
    employee()
    visitor = begin(phone())
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    for heard in ("**/live/chat/**", "**/events/**"):
        visitor.route(heard, lambda route: route.abort())
    visitor.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    session = queue.take(ChatSession.objects.get(), at=timezone.now(), by=asha)
    talk.answer(session, Written("Which months?"), at=timezone.now(), by=asha, key="1" * 32)
    write(visitor, "September")
    expect(visitor.locator("#lines .waits")).to_have_count(0, timeout=SOON)
    assert "Which months?" not in visitor.locator("#lines").inner_text()
    visitor.unroute_all()
    expect(visitor.locator("#lines .words")).to_have_text(
        ["My DA arrears are missing.", "Which months?", "September"], timeout=2 * SOON
    )


def test_a_file_whose_upload_broke_off_is_sent_again_and_words_do_not_wait_for_it(employee, phone):
    employee()
    visitor = begin(phone())
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    cut = []

    def breaks_once(route):
        whole = b"slip.pdf" not in (route.request.post_data_buffer or b"") or cut
        route.continue_() if whole else cut.append(route.abort("connectionreset"))

    visitor.route("**/lines/", breaks_once)
    file = {
        "name": "slip.pdf",
        "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4" + b"x" * 100_000,
    }
    visitor.locator("#files").set_input_files(file)
    write(visitor, "The slip is coming")
    expect(visitor.locator("#lines a.file")).to_contain_text("slip.pdf (97.7\xa0KB)", timeout=SOON)
    expect(visitor.locator(".bubble.waits")).to_have_count(0, timeout=SOON)
    assert cut
    assert Message.objects.filter(attachments__name="slip.pdf").count() == 1
    assert Message.objects.filter(text="The slip is coming").count() == 1


def test_several_chats_side_by_side_by_keyboard(employee, phone, console):
    employee()
    employee("Evan", "512346", "+919447000002")
    begin(phone())
    begin(phone(), pen="512346", name="Evan", mobile="9447000002", text="The bill is stuck.")
    expect(console.locator("#waiting li")).to_have_count(2, timeout=SOON)
    console.keyboard.press("t")
    expect(console.locator(".pane")).to_have_count(1, timeout=SOON)
    console.keyboard.press("Alt+t")
    expect(console.locator(".pane")).to_have_count(2, timeout=SOON)
    console.keyboard.press("Alt+1")
    expect(console.locator(".pane.current h2")).to_have_text("Chitra")
    console.keyboard.type("For Chitra")
    console.keyboard.press("Enter")
    expect(console.locator(".pane.current .pane-log")).to_contain_text("For Chitra", timeout=SOON)
    console.keyboard.press("Alt+2")
    console.keyboard.press("Alt+x")
    expect(console.locator(".pane.current .why")).to_contain_text(
        "The chat has ended.", timeout=SOON
    )
    assert ChatSession.objects.get(contact__name="Evan").state == "ended"


def test_a_line_in_another_chat_counts_as_unread_until_one_looks(employee, phone, console):
    employee()
    employee("Evan", "512346", "+919447000002")
    visitor = begin(phone())
    begin(phone(), pen="512346", name="Evan", mobile="9447000002", text="The bill is stuck.")
    expect(console.locator("#waiting li")).to_have_count(2, timeout=SOON)
    console.keyboard.press("t")
    expect(console.locator(".pane")).to_have_count(1, timeout=SOON)
    console.keyboard.press("Alt+t")
    expect(console.locator(".pane.current h2")).to_have_text("Evan", timeout=SOON)
    write(visitor, "Anybody there?")
    expect(console.locator("#tabs button", has_text="Chitra").locator(".count")).to_be_visible(
        timeout=SOON
    )
    expect(console).to_have_title(re.compile(r"^\(\d\) Chats"))
    console.keyboard.press("Alt+1")
    expect(console.locator("#tabs .count")).to_have_count(0, timeout=SOON)


def test_the_visitor_ends_the_chat_takes_a_copy_and_the_screen_says_what_goes_on(employee, phone):
    employee()
    visitor = begin(phone(accept_downloads=True))
    visitor.on("dialog", lambda dialog: dialog.accept())
    visitor.get_by_role("button", name="End", exact=True).click()
    expect(visitor.locator("#where")).to_contain_text("Your case goes on", timeout=SOON)
    with visitor.expect_download() as copied:
        visitor.get_by_role("link", name="Take a copy").click()
    assert "My DA arrears are missing." in copied.value.path().read_text()


def test_what_was_written_into_a_chat_that_is_over_begins_the_next(employee, phone):
    employee()
    visitor = begin(phone())
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    long_ago = timezone.now() - 2 * talk.FORGOTTEN_AFTER
    ChatSession.objects.update(state="ended", ended_by="gone", ended_at=long_ago)
    write(visitor, "And the bonus?")
    expect(visitor.locator("#line")).to_contain_text("what you wrote is kept here", timeout=SOON)
    visitor.get_by_role("button", name="Begin another chat").click()
    expect(visitor.get_by_label("How can we help?")).to_have_value("And the bonus?")


def test_out_of_hours_a_message_is_left_and_the_opening_is_at_the_visitors_clock(employee, phone):
    employee()
    make_desk("pay", CLOSED)
    visitor = phone(timezone_id="Asia/Dubai", locale="en-GB")
    visitor.goto("/chat/pay/")
    expect(visitor.locator("#opens")).to_contain_text(re.compile(r"01:30.*(GMT\+4|GST)"))
    visitor.get_by_label("Name").fill("Chitra")
    visitor.get_by_label("PEN").fill("512345")
    visitor.get_by_label("Registered mobile").fill("9447000001")
    visitor.get_by_label("How can we help?").fill("Call me")
    visitor.get_by_role("button", name="Send the message").click()
    expect(visitor.get_by_role("status").first).to_contain_text("Its number is PAY-1", timeout=SOON)


def test_another_site_embeds_the_chat_with_one_tag(employee, phone, live_desk):
    employee()
    page = phone(width=1024)
    tag = f'<script src="{live_desk}/chat.js" data-desk="pay"></script>'
    office = f"<!doctype html><title>Office</title><h1>Office</h1>{tag}"
    page.route("**/office.html", lambda route: route.fulfill(body=office, content_type="text/html"))
    page.goto("/office.html")
    page.get_by_role("button", name="Chat").click()
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Chat with the desk")).to_be_visible(timeout=SOON)


def test_the_visitors_screens_are_accessible_and_fit(employee, phone):
    employee()
    visitor = phone()
    visitor.goto("/chat/pay/")
    everybody_can_use(visitor, "chat form")
    begin(visitor, pen="1")
    expect(visitor.locator("#refusal")).to_contain_text("does not match")
    everybody_can_use(visitor, "chat form refused")
    begin(visitor)
    expect(visitor.locator("#where")).to_contain_text("You are next.", timeout=SOON)
    everybody_can_use(visitor, "chat")


def test_the_operators_screen_is_accessible_and_fits(employee, phone, console):
    employee()
    begin(phone())
    expect(console.locator("#waiting button")).to_have_count(1, timeout=SOON)
    everybody_can_use(console, "chats waiting")
    console.get_by_role("button", name=re.compile("Take next")).click()
    expect(console.locator(".pane")).to_be_visible(timeout=SOON)
    everybody_can_use(console, "a chat taken")
    console.get_by_role("button", name="Pass on").first.click()
    expect(console.get_by_role("dialog")).to_be_visible()
    everybody_can_use(console, "a chat passed on")
