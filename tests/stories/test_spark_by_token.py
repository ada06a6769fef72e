"""Two visitors at the PMU in Thiruvananthapuram: one at the kiosk, one by phone; called, served,
written down.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bench.walk_in import WRONG, hammer
from tests.screens import press_once_seen
from tests.stories.people_at_screens import PATIENCE_MS

pytestmark = pytest.mark.browser

BOOK = (Path(__file__).parents[2] / "books/spark.yaml").read_text(encoding="utf-8")
ALWAYS = re.sub(
    r"    mon-sat: \[12:00-13:00, 15:00-17:00\]\n    closed: kerala holidays\n",
    "    mon-sun: 00:00-24:00\n",
    BOOK,
)
"""The PMU's visitor hours, so that the story is told at any time of any day."""
ASHA, BALA = "asha@pmu.example", "bala@pmu.example"
SALARY = "ശമ്പള കാര്യങ്ങൾ"


@pytest.fixture(scope="module")
def spark(story):
    assert ALWAYS != BOOK
    agents = ((BALA, "--name", "Bala", "--role", "lead"), (ASHA, "--name", "Asha", "--team", "pmu"))
    with story("spark", ALWAYS, *agents) as (desk, at_window):
        at_window(BALA).uploads(
            "contacts",
            "name,mail,pen,language,district",
            "Leela,ddo@school.example,512345,ml,Kannur",
        )
        yield desk, at_window


@pytest.fixture
def screens(spark, chromium):
    """Windows of nobody in particular: a kiosk, a wall, a phone."""
    desk, _at_window = spark
    contexts = []

    def opened(where, **device):
        contexts.append(chromium.new_context(base_url=desk.site, **device))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(where)
        return page

    yield opened
    for context in contexts:
        context.close()


def let_in(bala, kind, name, page):
    """Bala makes a code at the console; somebody types it at the device."""
    form = bala.open("/console/walk-in/pmu/devices").locator("form.new-device")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Kind").select_option(kind)
    form.get_by_role("button").click()
    code = bala.page.locator(".pairing-code").inner_text()
    page.locator("#code").fill(code)
    page.locator("form button").click()


def at_the_kiosk(kiosk):
    """A visitor takes a token in Malayalam; returns its number and the code of the day that stands
    there.
    """
    expect(kiosk.locator("html")).to_have_attribute("lang", "ml")
    expect(kiosk.locator("#phone-qr svg")).to_be_visible()
    code_of_the_day = kiosk.locator("#day-code").inner_text()
    kiosk.locator("#services button").filter(has_text=SALARY).click()
    expect(kiosk.locator("#service")).to_have_text(SALARY)
    return kiosk.locator("#code").inner_text(), code_of_the_day


def by_phone(phone):
    """Leela takes one on her phone, with her PEN."""
    phone.locator("input[name=service][value=salary]").check()
    phone.locator("details.more summary").click()
    phone.locator("[name=pen]").fill("512345")
    phone.locator("form.card button.primary").click()
    expect(phone.locator(".slip .code")).to_be_visible()
    return phone.locator(".slip .code").inner_text()


def calls(asha, code):
    expect(asha.page.locator(".next")).to_be_visible()
    press_once_seen(asha.page, "n")
    expect(asha.page.locator(".with-you .code")).to_have_text(code)


def writes_down(asha, text, requester=None, paper=None):
    page = asha.page
    if requester:
        page.locator("#requester").fill(requester)
    page.locator("#text").fill(text)
    if paper:
        page.locator("#files").set_input_files(
            {"name": paper, "mimeType": "application/pdf", "buffer": b"%PDF-1.4"}
        )
    page.get_by_role("button", name="Log it and finish").click()
    expect(page.get_by_text(re.compile(r"Logged as SPK-\d+"))).to_be_visible()
    return re.search(r"SPK-\d+", page.locator("#toasts").inner_text())[0]


def devices(bala, screens):
    """A kiosk and a display, let in."""
    kiosk = screens("/kiosk/spark/pmu/", viewport={"width": 1024, "height": 768})
    wall = screens("/display/spark/pmu/device", viewport={"width": 1920, "height": 1080})
    let_in(bala, "kiosk", "Hall", kiosk)
    let_in(bala, "display", "Wall", wall)
    return kiosk, wall


def is_a_ticket_with_its_paper(asha, number):
    page = asha.open(number)
    expect(page.locator("#timeline")).to_contain_text("HRA, with the form.")
    expect(page.get_by_role("link", name="form6.pdf")).to_be_visible()
    expect(page.locator("#fact-assignment")).to_contain_text("SPARK PMU")


def test_visitors_are_called_in_turn_and_their_visits_are_tickets_with_papers(spark, screens):
    _desk, at_window = spark
    asha, bala = at_window(ASHA), at_window(BALA)
    kiosk, wall = devices(bala, screens)
    first, code_of_the_day = at_the_kiosk(kiosk)
    phone = screens(
        f"/token/spark/pmu/?c={code_of_the_day}", viewport={"width": 360, "height": 740}
    )
    second = by_phone(phone)
    assert (first, second) == ("A001", "A002")
    asha.open("/console/walk-in/pmu/").get_by_role("button", name="Open the counter").click()
    calls(asha, first)
    expect(wall.locator("#calls li").first).to_contain_text(first)
    expect(phone.locator("#last")).to_have_text(first)
    writes_down(asha, "The pay bill shows last month.", requester="new.visitor@office.example")
    calls(asha, second)
    expect(phone.locator(".go")).to_be_visible()
    expect(wall.locator("#calls li").first).to_contain_text(second)
    expect(asha.page.locator("#requester")).to_have_value("ddo@school.example")
    is_a_ticket_with_its_paper(asha, writes_down(asha, "HRA, with the form.", paper="form6.pdf"))
    expect(phone.locator(".go")).to_be_hidden()
    bala.reads("nobody was passed by", "/console/walk-in/pmu/day")


def test_a_site_that_is_hammered_loses_doubles_and_passes_by_nobody(spark):
    """A small one of bench/walk_in.py, with kiosks that go off line with wrong clocks and
    settle.
    """
    desk, _at_window = spark
    counts = hammer(desk, seconds=5, kiosks=4, counters=2)
    assert {name: counts[name] for name in WRONG if counts[name]} == {}
    assert counts["stored"] == counts["held by visitors"] > 0
    assert counts["called"] > 0
