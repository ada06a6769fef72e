"""Webhooks, for programs: an owner's token makes them, reads what they were told and ends them."""

import pytest
from django.utils import timezone

from deskbook.bridges.webhooks.models import Webhook
from tests.people_factory import make_agent, make_desk
from tests.web.api.conftest import program_of

WANTED = {"name": "Warehouse", "address": "https://warehouse.example.org/", "kinds": ["Opened"]}


@pytest.fixture
def owner_script(desk):
    return program_of(make_agent(desk, "Olga", "owner"))


def test_a_script_makes_one_reads_it_without_its_secret_and_ends_it(owner_script):
    made = owner_script.post("hooks", WANTED)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    [listed] = owner_script.get("hooks").json()
    assert (listed["name"], listed["kinds"], listed["trouble"]) == ("Warehouse", ["Opened"], "")
    assert "secret" not in listed
    assert owner_script.post(f"hooks/{listed['id']}/end", {}).status_code == 200
    assert owner_script.get("hooks").json() == []


def test_sent_twice_it_is_made_once(owner_script):
    owner_script.post("hooks", WANTED)
    again = owner_script.post("hooks", WANTED)
    assert (again.status_code, again.json()["code"]) == (409, "webhooks.same_name")
    assert Webhook.objects.count() == 1


def test_a_private_address_is_told_at_connecting_with_what_to_do(owner_script):
    made = owner_script.post("hooks", WANTED | {"address": "http://127.0.0.1:9000/"}).json()
    assert "DESKBOOK_PRIVATE_HOSTS and starts the desk again" in made["trouble"]


def test_what_cannot_be_used_is_said_by_field(owner_script):
    wrong = owner_script.post("hooks", WANTED | {"address": "nowhere", "kinds": ["Lost"]})
    assert wrong.status_code == 422
    told = wrong.json()["detail"]
    assert "“nowhere” is no address of a service" in told
    assert "There is no such kind" in told


def test_what_it_was_told_is_replayed_and_read(owner_script, case):
    made = owner_script.post("hooks", WANTED).json()
    since = {"since": "2026-01-01T00:00:00Z"}
    assert owner_script.post(f"hooks/{made['id']}/replay", since).json() == {"events": 1}
    [call] = owner_script.get(f"hooks/{made['id']}/calls").json()
    entry = case.log.get(kind="Opened")
    assert call["id"] == f"deskbook-{made['id']}-{entry.pk}"
    assert (call["kind"], call["ticket"], call["state"]) == ("Opened", str(case), "waits")


def test_others_than_owners_and_other_desks_do_not_see_them(script, owner_script):
    made = owner_script.post("hooks", WANTED).json()
    assert script.get("hooks").status_code == 403
    stranger = program_of(make_agent(make_desk("mukta"), "Omar", "owner"))
    assert stranger.post(f"hooks/{made['id']}/end", {}).status_code == 404
    assert stranger.get("hooks/99999999999999999999/calls").status_code == 404
    assert Webhook.objects.get().made_at <= timezone.now()
