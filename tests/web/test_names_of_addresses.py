"""Addresses by their names: a name that two pages share leads everybody who uses it to the later
one.
"""

import re
from collections import Counter

from django.test import Client
from django.urls import URLPattern, get_resolver

from tests.people_factory import make_agent, make_contact, make_desk


def pages(patterns):
    """Yield the name of each address and the page that answers there; one page may have two, with
    other facts.
    """
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield pattern.name, pattern.callback
        else:
            yield from pages(pattern.url_patterns)


def test_no_two_pages_share_a_name():
    named = Counter(name for name, _page in set(pages(get_resolver().url_patterns)) if name)
    assert [name for name, times in named.items() if times > 1] == []


def test_wherever_a_person_is_typed_those_who_are_known_are_offered(db):
    desk = make_desk("sparkrock")
    make_contact(desk, "Chitra")
    console = Client()
    console.force_login(make_agent(desk).user, "django.contrib.auth.backends.ModelBackend")
    asked = re.findall(
        r'data-typeahead="([^"]+)"', console.get("/console/tickets/new").content.decode()
    )
    assert asked
    for address in asked:
        offered = console.get(address, {"q": "chit"}).content.decode()
        assert "chitra@sparkrock-customer.example" in offered
        assert "<html" not in offered
