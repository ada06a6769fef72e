"""The desk's telephone system: who connects it, and at whose extension it rings."""

import re

import pytest

from deskbook.channels.phone.models import CallSource
from tests.people_factory import make_agent
from tests.web.calls.screens import signed_in, words


@pytest.fixture
def esther(desk):
    return signed_in(make_agent(desk, "Esther", role="owner"))


def test_an_owner_connects_a_telephone_and_reads_its_secret_once(esther):
    page = words(esther.post("/console/telephone/", {"name": "PBX", "preset": "standard"}))
    secret = re.search(r"whsec_[\w+/=]+", page.replace("&#43;", "+"))[0]
    assert "/hooks/calls/spark/" in page
    assert secret not in words(esther.get("/console/telephone/"))
    esther.post(f"/console/telephone/{CallSource.objects.get().pk}/ending")
    assert "No telephone system is connected" in words(esther.get("/console/telephone/"))


@pytest.mark.parametrize(
    "given",
    [
        {"name": "", "preset": "standard"},
        {"name": "x", "preset": "fax"},
        {"name": "x", "preset": "twilio", "token": "short"},
    ],
)
def test_a_telephone_without_what_it_needs_is_refused(esther, given):
    assert esther.post("/console/telephone/", given).status_code == 422


def test_agents_and_leads_connect_no_telephone(console, desk):
    lead = signed_in(make_agent(desk, "Bala", role="lead"))
    for client in (console, lead):
        assert client.get("/console/telephone/").status_code == 404
        assert client.post("/console/telephone/1/ending").status_code == 404


def test_the_list_of_people_leads_to_each_of_them_and_an_extension_is_kept(esther, asha):
    page = words(esther.get("/console/people/agents/"))
    assert f'href="/console/people/agents/{asha.pk}"' in page
    given = {"role": "agent", "extension": "204", "is_active": "1", "teams": ["pmu"]}
    assert esther.post(f"/console/people/agents/{asha.pk}", given).status_code == 302
    asha.refresh_from_db()
    assert asha.extension == "204"
