"""Articles offered to who begins a chat: beside the form, and counted as a case spared only when no
chat follows.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.knowledge.deflection import deflections
from deskbook.knowledge.models import Reading
from deskbook.tickets.models import Ticket
from tests.article_factory import release, write
from tests.channels.chat.desk import BY_NAME, CLOSED, SECRET
from tests.people_factory import make_agent, make_desk
from tests.screens import holds
from tests.web.portal.test_weight import on_the_wire

JSON = {"headers": {"accept": "application/json"}}
CHAT = "/chat/pay/"


@pytest.fixture
def desk(db):
    return make_desk("pay", BY_NAME)


@pytest.fixture
def article(desk):
    return release(
        write(make_agent(desk, "Asha"), "Where my payslip is"),
        desk.agents.get(),
        make_agent(desk, "Bala"),
    )


def writing():
    """Return what the form of a fresh page is known by; None where the page offers nothing."""
    found = re.search(
        r'place=chat&amp;writing=([0-9a-f]{32})"', Client().get(CHAT).content.decode()
    )
    return found and found[1]


def begin(**more):
    said = {"asked.name": "Chitra", "text": "Where is my payslip?", "secret": SECRET, **more}
    return Client().post(CHAT, said, **JSON)


def since_yesterday(desk, after=timedelta()):
    return deflections(desk, timezone.now() - timedelta(days=1), at=timezone.now() + after)


def test_a_desk_without_articles_offers_none(desk):
    assert writing() is None


def test_who_reads_an_article_and_chats_all_the_same_was_not_spared_a_case(desk, article):
    key = writing()
    Client().get(f"/desk/pay/articles/{article.slug}/?writing={key}&place=chat")
    assert since_yesterday(desk).undecided == 1
    assert begin(writing=key).json()["chat"]
    assert (since_yesterday(desk).sent, Reading.objects.get().place) == (1, "chat")


def test_who_reads_an_article_and_leaves_a_message_was_not_spared_a_case(article, desk):
    Client().get(f"/desk/pay/articles/{article.slug}/?writing={'a' * 32}&place=chat")
    begin(writing="a" * 32, secret="")
    assert (since_yesterday(desk).sent, Ticket.objects.count()) == (1, 1)


def test_a_form_that_came_back_keeps_what_it_is_known_by(article):
    key = writing()
    assert (
        f"writing={key}"
        in Client().post(CHAT, {"asked.name": "", "text": "Pay", "writing": key}).content.decode()
    )
    odd = (
        Client()
        .post(CHAT, {"asked.name": "", "text": "Pay", "writing": '"><script>'})
        .content.decode()
    )
    assert "<script>" not in odd.replace("<script defer", "")


@pytest.mark.parametrize("language", ["en", "ml"])
def test_the_page_that_offers_articles_is_light_enough_for_a_slow_line(article, language):
    weights = on_the_wire(Client(), f"{CHAT}?language={language}")
    assert "js/suggest.js" in weights
    assert sum(weights.values()) <= 25_000


@pytest.mark.browser
@pytest.mark.parametrize("book", [BY_NAME, CLOSED])
def test_what_is_typed_offers_articles_below_the_form_and_moves_nothing(live_desk, page, book):
    desk = make_desk("pay", book)
    release(
        write(make_agent(desk, "Asha"), "Where my payslip is"),
        desk.agents.get(),
        make_agent(desk, "Bala"),
    )
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(CHAT)
    send = page.locator("#enter-form button[type=submit]")
    page.get_by_label("How can we help?").fill("I need")
    before = send.bounding_box()
    page.get_by_label("How can we help?").fill("I need my payslip of March")
    offered = page.locator("[data-suggest]").get_by_role("link", name="Where my payslip is")
    expect(offered).to_be_visible()
    assert send.bounding_box() == before
    holds(page, "articles offered in a chat")
    with page.context.expect_page() as opened:
        offered.click()
    expect(opened.value.get_by_role("heading", name="Where my payslip is")).to_be_visible()
    assert "place=chat" in opened.value.url
    assert page.get_by_label("How can we help?").input_value() == "I need my payslip of March"
