"""The live page about a desk and the file that is published are made of the same."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
import time_machine
from django.test import Client

from tests.people_factory import make_agent, make_desk
from tests.web.policy.pages import SOURCES, page, words


def pieces(html):
    """Return what stands between the marks of a page, piece by piece."""
    body = html.partition("<main")[2].partition("<footer")[0].partition(">")[2]
    return [text for one in re.split(r"<[^>]*>", body) if (text := " ".join(unescape(one).split()))]


@pytest.mark.parametrize("name", SOURCES)
@pytest.mark.parametrize("language", ["en", "pt", "ml"])
def test_the_page_about_a_desk_says_all_that_is_published(db, name, language):
    make_desk(name)
    answer = Client(headers={"accept-language": language}).get(f"/desk/{name}/about/")
    live = words(answer.content.decode())
    published = [text for text in pieces(page(name, language)) if text not in live]
    # That a channel is closed now the live page says by itself, the file in words.
    assert [text for text in published if not re.search(r"06:00|6h00|9[.]30", text)] == []


def test_when_a_desk_opens_is_told_in_the_zone_of_who_is_signed_in(db):
    desk = make_desk("salama")
    asha = make_agent(desk)
    asha.user.zone = "America/Toronto"
    asha.user.save()
    client = Client()
    client.force_login(asha.user)
    with time_machine.travel(datetime(2023, 8, 9, 2, 0, tzinfo=UTC), tick=False):
        shown = words(client.get("/desk/salama/about/").content.decode())
    assert "Opens Wed 9 Aug, 00:00 EDT (America/Toronto)" in " ".join(shown.split()).replace(
        "( ", "("
    )
    assert "Every day 06:00–24:00 Time zone: Africa/Maputo" in shown
