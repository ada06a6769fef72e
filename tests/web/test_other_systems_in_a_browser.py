"""The screens by which an owner connects other systems, on a phone and on a desk, in light and
dark.
"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from deskbook.channels.app.models import AppSystem
from deskbook.channels.app.systems import Told, make_system
from deskbook.refusals.kept import kept
from tests.people_factory import make_agent, make_desk
from tests.screens import everybody_can_use

pytestmark = pytest.mark.browser
SYSTEMS = "/console/connections/systems/"


@pytest.fixture
def omar(live_desk):
    return make_agent(make_desk("spark"), "Omar", role="owner")


def test_everybody_can_use_them_and_nothing_is_cut_off(page, sign_in, omar):
    told = Told("SPARK login page", "app", "https://login.spark.example.org/desk/told")
    row, _secret = make_system(omar, told, at=timezone.now())
    AppSystem.objects.filter(pk=row.pk).update(
        trouble=kept("elsewhere.moved", status="404"), heard_at=timezone.now()
    )
    sign_in(page, omar.user)
    for address in ("/console/connections/", SYSTEMS):
        page.goto(address)
        everybody_can_use(page, address)
    page.get_by_role("button", name="New secret").click()
    expect(page.locator(".once")).to_contain_text("whsec_")
    expect(page.locator(".once")).to_contain_text("The secret of before is valid until")
    everybody_can_use(page, f"{SYSTEMS} secret")


def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(page, sign_in, omar):
    sign_in(page, omar.user)
    page.goto(SYSTEMS)
    page.get_by_label("Name").fill("Complaints")
    page.get_by_label("Address it is told at").fill("nowhere")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.get_by_text("“nowhere” is no address of a service")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Complaints")
    page.get_by_label("Address it is told at").fill("")
    page.get_by_role("button", name="Connect", exact=True).click()
    expect(page.locator(".once")).to_contain_text("/hooks/app/spark/complaints/")
    page.get_by_role("button", name="End Complaints").click()
    expect(page.get_by_text("No other system is connected")).to_be_visible()
