"""Articles in a real browser: on a phone and a desk, by keyboard, with the check of a reader's
browser.
"""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.knowledge.feedback import Opinion, vote, voter
from deskbook.knowledge.gaps import note_search
from deskbook.knowledge.models import ArticleVote, Gap, SpentChallenge
from deskbook.knowledge.writing import Draft, propose, save_draft
from deskbook.people.contacts import give_sign_in
from deskbook.tickets.messages import Written
from deskbook.tickets.opening import NewCase, open_ticket
from tests.article_factory import release, translate, write
from tests.people_factory import MONDAY, make_agent, make_contact, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 860}
LIST = "/desk/sparkrock/articles/"
BODY = """\
The report shows what was paid in one pay period.

1. Open **Reports** and choose *Payroll*.
2. Choose the pay period.
3. Press `Print`.

## If it is empty

| What you see | What to do |
|---|---|
| No rows | Post the pay period first |
| Other schools | Choose your school at the top |

See [pay periods](https://example.org/pay).
"""


@pytest.fixture
def cast(live_desk):
    cache.clear()
    desk = make_desk("sparkrock")
    asha, bala = make_agent(desk, "Asha"), make_agent(desk, "Bala", role="lead")
    chitra = make_contact(desk)
    give_sign_in(chitra)
    text = release(
        write(asha, "Print the payroll report", BODY, "empty report, printing"), asha, bala
    )
    translate(text, asha, bala, "pt", "Imprimir o relatório de salários", "Abra *Relatórios*.")
    for title in (
        "Sign in when your phone is lost",
        "Enter a vacation balance",
        "Correct a posted invoice",
    ):
        release(write(asha, title, "Ask your lead."), asha, bala)
    return {"desk": desk, "asha": asha, "bala": bala, "chitra": chitra, "text": text}


def screens_of_readers(cast):
    shown = f"{LIST}{cast['text'].slug}/"
    return {
        "list": LIST,
        "found": LIST + "?q=payroll",
        "nothing": LIST + "?q=zebra",
        "article": shown,
    }


def test_readers_screens_fit_a_phone_and_pass_the_accessibility_rules(page, cast):
    for name, address in screens_of_readers(cast).items():
        page.goto(address)
        everybody_can_use(page, f"reader {name}")
    page.get_by_label("No, it did not").check()
    everybody_can_use(page, "reader why", [360])


def test_the_consoles_screens_fit_a_phone_and_a_desk_and_pass_the_rules(page, sign_in, cast):
    desk, asha, text, at = cast["desk"], cast["asha"], cast["text"], timezone.now()
    save_draft(
        text, Draft("Print the payroll report", BODY + "\nNew.", ""), base=1, at=MONDAY, by=asha
    )
    propose(text, at=MONDAY, by=asha)
    vote(text, Opinion(False, ["outdated"], "The menu moved."), voter("x", "", at=at), at=at)
    note_search(desk, "garnishment order", at=at)
    sign_in(page, cast["bala"].user)
    at_text = f"/console/articles/{text.pk}/"
    screens = {
        "list": "/console/articles/",
        "review": "/console/articles/?list=review",
        "gaps": "/console/articles/?list=gaps",
        "article": at_text,
        "edit": at_text + "edit",
        "versions": at_text + "versions",
        "new": "/console/articles/new",
        "language": f"/console/articles/new?of={text.pk}&language=ml",
        "themes": "/console/improvements/themes",
        "improvements": "/console/improvements/",
        "ratings": "/console/improvements/ratings",
    }
    for name, address in screens.items():
        page.goto(address)
        everybody_can_use(page, name)


def test_a_strangers_browser_does_the_check_and_the_vote_counts_once(page, cast):
    page.goto(f"{LIST}{cast['text'].slug}/")
    page.get_by_label("No, it did not").check()
    page.get_by_label("It is out of date").check()
    page.get_by_label("What is missing or wrong?").fill("The menu moved.")
    page.wait_for_timeout(2_000)  # the check is done before they are
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible(timeout=30_000)
    kept = ArticleVote.objects.get()
    assert (kept.helpful, kept.reasons, kept.words) == (False, ["outdated"], "The menu moved.")
    assert SpentChallenge.objects.count() == 1
    page.reload()
    expect(page.get_by_text("Thank you.")).to_be_hidden()
    page.get_by_label("Yes, it helped").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible(timeout=30_000)
    assert [vote.helpful for vote in ArticleVote.objects.all()] == [True]


def test_without_a_script_who_is_signed_in_votes_and_others_are_told_how(
    chromium, live_desk, sign_in, cast
):
    context = chromium.new_context(base_url=live_desk, java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(f"{LIST}{cast['text'].slug}/")
    expect(page.get_by_role("link", name="Sign in to say whether it helped.")).to_be_visible()
    sign_in(page, cast["chitra"].user)
    page.reload()
    page.get_by_label("Yes, it helped").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    assert ArticleVote.objects.count() == 1
    context.close()


def test_articles_are_offered_beside_the_form_and_what_was_typed_stays(page, sign_in, cast):
    sign_in(page, cast["chitra"].user)
    page.goto("/desk/sparkrock/cases/new/")
    expect(page.locator(".offered")).to_be_hidden()
    page.locator("#f-subject").fill("My payroll report is empty")
    offered = page.locator(".offered a", has_text="Print the payroll report")
    expect(offered).to_be_visible()
    everybody_can_use(page, "offered")
    with page.context.expect_page() as opened:
        offered.click()
    expect(opened.value.locator("h1")).to_have_text("Print the payroll report")
    expect(page.locator("#f-subject")).to_have_value("My payroll report is empty")
    page.locator("#f-subject").fill("zebra")
    expect(page.locator(".offered")).to_be_hidden()


def test_an_article_is_put_into_an_answer_and_a_gap_marked_by_keyboard(
    page, live_desk, sign_in, cast
):
    case = NewCase("Payroll report is empty", Written("Nothing in it."), "portal", severity="s2")
    chitra = cast["chitra"]
    ticket = open_ticket(chitra, case, at=timezone.now(), by=chitra).ticket
    sign_in(page, cast["asha"].user)
    page.goto(f"/console/tickets/{ticket}")
    page.locator("#text").fill("Good morning")
    page.locator("#timeline").focus()
    page.keyboard.press("+")
    expect(page.locator(".insert [role=option]").first).to_contain_text("Print the payroll report")
    everybody_can_use(page, "inserting")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value(
        f"Good morning\n\nPrint the payroll report\n{live_desk}{LIST}{cast['text'].slug}/\n"
    )
    expect(page.locator("#text")).to_be_focused()
    page.locator("#timeline").focus()
    page.keyboard.press("-")
    expect(page.locator(".toast")).to_contain_text("is on the list of what no article answered")
    assert Gap.objects.get().ticket == ticket
    page.locator("#timeline").focus()
    page.keyboard.press("g")
    page.keyboard.press("a")
    page.wait_for_url("**/console/articles/")


def test_agents_are_offered_articles_too_while_they_log_a_ticket(page, sign_in, cast):
    sign_in(page, cast["asha"].user)
    page.goto("/console/tickets/new")
    page.locator("#f-subject").fill("vacation balance wrong")
    expect(page.locator(".offered a")).to_have_text("Enter a vacation balance")
    everybody_can_use(page, "offered in the console")


def test_the_preview_follows_what_is_typed(page, sign_in, cast):
    sign_in(page, cast["asha"].user)
    page.goto("/console/articles/new")
    page.locator("#f-title").fill("A new one")
    page.locator("#f-body").fill("Press **Print**.")
    expect(page.locator("#preview strong")).to_have_text("Print")
    page.locator("#f-body").press("Control+Enter")
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    page.goto("/console/articles/new")
    expect(page.locator("#f-body")).to_have_value("")


def test_what_takes_long_to_be_saved_does_not_come_back_as_a_draft(page, sign_in, cast):
    sign_in(page, cast["asha"].user)
    page.goto("/console/articles/new")
    page.locator("#f-title").fill("A new one")
    page.locator("#f-body").fill("Press **Print**.")
    on_the_way, asked = [], []

    def hold(route):
        on_the_way.append(route)

    page.route("**/console/articles/new", hold)
    page.on("request", lambda request: asked.append(request.url))
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(3000)  # a draft is kept after two seconds
    on_the_way[0].continue_()
    expect(page.get_by_text("Saved as a draft.")).to_be_visible()
    assert not [address for address in asked if address.endswith("/drafts")]
