"""What a requester or a visitor opens on a phone: in each language it fits, passes axe, and needs
no pointer.
"""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.walk_in.calling import call_next
from deskbook.channels.walk_in.devices import add_device
from deskbook.channels.walk_in.presence import code_of_the_day
from deskbook.tickets.conversation import ask_requester
from deskbook.tickets.messages import Written
from deskbook.tickets.ratings import closing_of, rating_token
from deskbook.tickets.stages import close_ticket
from tests.article_factory import release, write
from tests.channels.chat.desk import BY_NAME
from tests.channels.walk_in.counter_book import ALWAYS
from tests.channels.walk_in.queue_desk import counter, counter_desk, pmu, take
from tests.people_factory import make_agent, make_desk
from tests.screens import accessible, holds
from tests.web.portal.conftest import make_cast

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
#: What another language can break: names that are missing, a language that is not told, targets
#: grown small. The page and its colours are the same in all of them, so every other rule is asked
#: of the English one.
WORDS = {
    "type": "rule",
    "values": [
        "aria-command-name",
        "aria-input-field-name",
        "aria-toggle-field-name",
        "button-name",
        "document-title",
        "empty-heading",
        "html-has-lang",
        "html-lang-valid",
        "image-alt",
        "input-button-name",
        "label",
        "link-name",
        "select-name",
        "summary-name",
        "target-size",
        "valid-lang",
    ],
}
LANGUAGES = [code for code, _name in settings.LANGUAGES]

WATCH = """() => {
  const own = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.disabled;
  const groups = new Set();
  const alone = (one) => {  // of the choices of one question the keyboard reaches one, and arrows the others
    if (one.type !== "radio") return true;
    const group = one.form?.id + one.name;
    return !groups.has(group) && groups.add(group);
  };
  window.wanted = [...document.querySelectorAll(own)].filter((one) => shown(one) && alone(one));
  window.reached = new Set(); window.unseen = [];
  const marks = (one) => {
    const style = getComputedStyle(one);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  };
  document.addEventListener("focusin", ({ target }) => {
    reached.add(target.type === "radio" ? target.form?.id + target.name : target);
    if (!marks(target) && !marks(target.parentElement)) unseen.push(target.outerHTML.slice(0, 160));
  });
  document.activeElement?.blur();
  getSelection().removeAllRanges();
  return wanted.length;
}"""
LEFT_OUT = """() => wanted
  .filter((one) => one.isConnected && !reached.has(one.type === "radio" ? one.form?.id + one.name : one))
  .map((one) => one.outerHTML.slice(0, 160))"""


def portal_pages(cast):
    ticket = cast.case(severity="s1")
    ask_requester(ticket, Written("Which batch?"), ["logs"], at=timezone.now(), by=cast.asha)
    closed = cast.case("Closed")
    close_ticket(closed, at=timezone.now(), by=cast.chitra)
    closed.refresh_from_db()
    bala = make_agent(cast.desk, "Bala", role="lead")
    text = release(
        write(cast.asha, "Print the payroll report", "Choose *Reports*."), cast.asha, bala
    )
    return {
        "form": "/desk/sparkrock/cases/new/",
        "case": f"/desk/sparkrock/cases/{ticket}/",
        "list": "/desk/sparkrock/cases/",
        "profile": "/profile/",
        "articles": "/desk/sparkrock/articles/",
        "article": f"/desk/sparkrock/articles/{text.slug}/",
        "contacts": "/desk/sparkrock/contacts/",
        "rating": f"/desk/sparkrock/ratings/{rating_token(closing_of(closed), cast.chitra)}/",
    }


@pytest.fixture
def phone(chromium, live_desk):
    """Open a phone that is 360 pixels wide and set to a language."""
    opened = []

    def window(code):
        context = chromium.new_context(
            base_url=live_desk, viewport=PHONE, locale=code, reduced_motion="reduce"
        )
        context.add_cookies(
            [{"name": settings.LANGUAGE_COOKIE_NAME, "value": code, "url": live_desk}]
        )
        opened.append(context)
        return context.new_page()

    cache.clear()
    yield window
    for context in opened:
        context.close()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_requesters_pages_fit_a_phone_and_are_used_by_keyboard_in_every_language(
    phone, sign_in, code
):
    page, cast = phone(code), make_cast()
    make_desk("salama")
    inside = portal_pages(cast)
    for name, address in {
        "front": "/",
        "about": "/desk/salama/about/",
        "login": "/account/login/",
    }.items():
        page.goto(address)
        usable(page, name, code)
    sign_in(page, cast.chitra.user)
    for name, address in inside.items():
        page.goto(address)
        usable(page, name, code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_visitors_screens_fit_a_phone_and_are_used_by_keyboard_in_every_language(phone, code):
    page, now = phone(code), timezone.now()
    site = pmu(counter_desk(ALWAYS.replace("languages: [ml, en]", f"languages: [{code}]")))
    asha = make_agent(site.helpdesk, "Asha")
    first, second = (take(site, at=now - timedelta(minutes=minutes)) for minutes in (9, 4))
    call_next(counter(site, at=now, agent=asha), at=now, by=asha)
    addresses = {
        "token": f"/token/counter/pmu/{second.key}/",
        "called": f"/token/counter/pmu/{first.key}/",
        "taking": f"/token/counter/pmu/?c={code_of_the_day(site, at=now)}",
        "display": "/display/counter/pmu/",
    }
    for name, address in addresses.items():
        page.goto(address)
        usable(page, name, code)
    _device, secret = add_device(site, "kiosk", "Hall", prints=False, at=now, by=asha)
    page.goto("/kiosk/counter/pmu/")
    usable(page, "device", code)
    page.locator("#code").fill(secret)
    page.locator("button[type=submit]").click()
    expect(page.locator("#phone-qr svg")).to_be_visible()
    usable(page, "kiosk", code)
    page.locator("#services button").first.click()
    expect(page.locator("#qr svg")).to_be_visible()
    usable(page, "kiosk token", code)


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_chat_fits_a_phone_and_is_used_by_keyboard_in_every_language(phone, code):
    make_desk("pay", BY_NAME)
    page = phone(code)
    page.goto("/chat/pay/")
    usable(page, "chat form", code)
    page.locator("#f-1").fill("Chitra")
    page.locator("#f-text").fill("My arrears are missing.")
    page.locator("#enter-form button[type=submit]").click()
    expect(page.locator("#lines li").first).to_be_visible()
    usable(page, "chat", code)


def usable(page, name, code):
    where = f"{name} in {code}"
    assert page.evaluate("document.documentElement.lang") == code, where
    holds(page, where)
    accessible(page, where, None if code == "en" else WORDS)
    if folder := os.environ.get("SCREENS"):
        page.screenshot(path=Path(folder) / f"{code} {name}.png", full_page=True)
    assert unnamed(page) == [], where
    by_keyboard(page, where)


def by_keyboard(page, where):
    """Press Tab through the whole page: everything is reached, and seen to be."""
    for _step in range(page.evaluate(WATCH) + 2):
        page.keyboard.press("Tab")
    assert page.evaluate(LEFT_OUT) == [], f"{where}: out of the keyboard's reach"
    assert page.evaluate("unseen") == [], f"{where}: the focus is not seen"


def unnamed(page):
    """Return the roles of what can have the focus and is called nothing."""
    browser = page.context.new_cdp_session(page)
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.detach()
    can = [
        node
        for node in nodes
        if any(p["name"] == "focusable" and p["value"]["value"] for p in node.get("properties", ()))
    ]
    return [node["role"]["value"] for node in can if not node.get("name", {}).get("value")]
