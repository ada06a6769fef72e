"""Around the answer box: who gets it, Markdown with a preview, pictures that are pasted."""

import pytest
from playwright.sync_api import expect

from deskbook.tickets.models import Message
from tests.people_factory import make_contact
from tests.screens import everybody_can_use, press_once_seen

pytestmark = pytest.mark.browser

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PASTE = """(pixel) => {
  const data = new DataTransfer();
  const bytes = Uint8Array.from(atob(pixel), (one) => one.charCodeAt(0));
  data.items.add(new File([bytes], "image.png", { type: "image/png" }));
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.getElementById("text").dispatchEvent(new ClipboardEvent("paste", how));
}"""


@pytest.fixture
def writing(live_desk, page, sign_in, case, asha):
    make_contact(case.desk, "Farah")
    sign_in(page, asha.user)
    page.goto(f"/console/tickets/{case}")
    page.keyboard.press("r")
    return page


def test_who_gets_an_answer_is_seen_and_changed_while_it_is_written(writing, case):
    gets, typed = writing.locator("#copies .chip"), writing.locator("#text")
    expect(gets).to_have_count(1)
    expect(gets).to_contain_text("Chitra <")
    writing.keyboard.type("It is mended.")
    writing.fill("#copy-to", "farah@sparkrock-customer.example")
    writing.keyboard.press("Enter")
    expect(gets).to_have_count(2)
    expect(gets.nth(1)).to_contain_text("Farah <")
    expect(writing.locator("#copy-to")).to_be_focused()
    everybody_can_use(writing, "the answer box while somebody writes")
    gets.nth(1).get_by_role("button").press("Enter")
    expect(gets).to_have_count(1)
    expect(typed).to_have_value("It is mended.")
    expect(writing.locator("#toasts")).to_contain_text("Farah follows no more")
    assert not case.participants.exclude(contact=case.requester).exists()
    writing.check("[name=act][value=note]", force=True)
    expect(writing.locator("#copies")).to_be_hidden()


def test_markdown_is_looked_at_before_it_is_sent_and_pictures_are_pasted(writing):
    expect(writing.locator("#format .tools")).to_be_visible()
    writing.keyboard.type("Press ")
    writing.keyboard.press("Control+b")
    writing.keyboard.type("Export")
    writing.keyboard.press("Alt+p")
    expect(writing.locator("#preview strong")).to_have_text("Export")
    expect(writing.locator("#text")).to_be_hidden()
    everybody_can_use(writing, "the preview of an answer")
    writing.keyboard.press("Alt+p")
    expect(writing.locator("#text")).to_be_focused()

    chips = writing.locator("#file-names .chip")
    writing.evaluate(PASTE, PIXEL)
    writing.evaluate(PASTE, PIXEL)
    expect(chips).to_have_count(2)
    expect(chips.nth(1)).to_contain_text("image-2.png")
    expect(writing.locator("#file-names")).to_contain_text("Up to 50 files, 25 MB each")
    chips.nth(0).get_by_role("button", name="Take image.png away").press("Enter")
    expect(chips).to_have_count(1)
    everybody_can_use(writing, "files of an answer")

    writing.focus("#text")
    writing.keyboard.press("Control+Enter")
    expect(writing.locator("#text")).to_have_value("")
    expect(chips).to_have_count(0)
    expect(writing.locator(".message.answer").last).to_contain_text("image-2.png")
    assert Message.objects.get(kind="answer").formatted


def pasted(page, case):
    """Open a ticket beside the list and paste a picture, which is seen among its files."""
    page.locator(".row a", has_text=case.subject).click()
    expect(page.locator("#detail h1")).to_have_text(case.subject)
    expect(page.locator("#file-names .chip")).to_have_count(0)
    page.focus("#text")
    page.evaluate(PASTE, PIXEL)
    expect(page.locator("#file-names .chip img")).to_have_count(1)


def test_pasted_files_stay_with_their_ticket_and_survive_a_refusal(
    live_desk, page, sign_in, asha, open_case
):
    first, second = open_case("Case one"), open_case("Case two")
    sign_in(page, asha.user)
    page.goto("/console/?queue=open")
    press_once_seen(page, "S")
    for case in (first, second):
        pasted(page, case)

    page.keyboard.press("Control+Enter")  # without a word it is refused
    expect(page.locator("#composer .error").first).to_be_visible()
    expect(page.locator("#composer [name=kept]")).to_have_count(1)
    page.fill("#text", "Here it is.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#file-names .chip")).to_have_count(0)
    answer = Message.objects.get(kind="answer")
    assert (answer.ticket, answer.attachments.count()) == (second, 1)
