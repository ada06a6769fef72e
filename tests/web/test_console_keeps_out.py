"""Every address of the console, tried by people who have no business there."""

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.converters import IntConverter

from deskbook.people.models import User
from deskbook.web.console.urls import urlpatterns
from tests.people_factory import make_agent, make_desk

PARTS = {
    "promise": "p1", "clock": "response", "step": "s", "paper": "p", "form": "freeze.csv", "what": "contacts",
    "act": "proposal", "visit": "v1", "site": "pmu",
}  # fmt: skip
OWN = {"console-drafts"}  # holds nothing but what the person typed themselves


def addresses(number):
    resolver = get_resolver()
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        ids = {name: 1 for name, kind in names.items() if isinstance(kind, IntConverter)}
        parts = {name: ids.get(name) or (number if name == "number" else PARTS[name]) for name in names}
        yield pattern.name, "/" + resolver.reverse(pattern.name, **parts)


def everywhere(client, number):
    """Return {name: (GET, POST)} status codes."""
    return {
        name: (client.get(address).status_code, client.post(address, {"text": "x"}).status_code)
        for name, address in addresses(number)
        if not name.startswith("live-c") and name != "live-ticket"
    }


def signed_in(user):
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def dev(db):
    return User.objects.create_user("dev@elsewhere.example", "Dev")


def test_nobody_enters_without_signing_in(case):
    for name, statuses in everywhere(Client(), str(case)).items():
        assert set(statuses) <= {302, 403, 405}, name


def test_somebody_without_rights_finds_nothing(case, dev):
    for name, statuses in everywhere(signed_in(dev), str(case)).items():
        assert set(statuses) <= {404, 405}, name
    assert case.log.count() == case.seq


def test_the_requester_is_no_agent(case, chitra):
    for name, statuses in everywhere(signed_in(chitra.user), str(case)).items():
        assert set(statuses) <= {404, 405}, name


def test_an_agent_of_another_desk_does_not_reach_this_one(case):
    stranger = make_agent(make_desk("mukta"), "Farid")
    client = signed_in(stranger.user)
    for name, address in addresses(str(case)):
        if "{number}" in name or "/tickets/" not in address or address.endswith("/new") or "live/tickets" in address:
            continue
        found = {client.get(address).status_code, client.post(address, {"text": "x"}).status_code}
        assert found <= {404, 405}, name
    assert case.subject not in client.get("/console/?queue=open").content.decode()
    assert case.subject not in client.get("/console/search?q=payroll").content.decode()
    assert client.get(f"/console/suggestions/tickets?q={case.subject.split()[0]}").content == b""


def test_the_streams_ask_who_is_there(case, dev):
    for address in ("/live/console", f"/live/tickets/{case}"):
        assert Client().get(address).status_code == 403
        assert signed_in(dev).get(address).status_code == 404
