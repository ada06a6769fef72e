"""The page of a desk for whoever comes by."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from tests.people_factory import make_desk


@pytest.fixture
def salama(db):
    return make_desk("salama")


def page(key="salama"):
    return Client().get(f"/desk/{key}/about/").content.decode()


def test_everybody_reads_without_signing_in_who_helps_and_who_answers_for_what(salama):
    shown = page()
    assert "Answers simpler queries of the distribution teams at once." in shown
    assert "MISAU staff (3–4), eGov staff (1–2)" in shown
    assert "Led by NMCP lead" in shown
    assert "Training of help desk staff on DIGIT and the complaints portal" in shown
    assert "Owned by MISAU" in shown
    assert "Supported by Provincial staff" in shown


def test_everybody_reads_what_others_settle_and_how_the_desk_is_reached(salama):
    shown = page()
    assert "NMCP" in shown
    for address in ("mailto:", "WhatsApp"):
        assert address in shown


def test_each_calendar_says_in_its_own_zone_when_it_opens(salama):
    with time_machine.travel(datetime(2023, 8, 9, 2, 0, tzinfo=UTC), tick=False):  # before dawn in Maputo
        shown = page()
    assert "Africa/Maputo" in shown
    assert "Asia/Kolkata" in shown
    assert "Closed now" in shown


def test_the_front_page_leads_there(salama):
    assert 'href="/desk/salama/about/"' in Client().get("/").content.decode()


def test_a_desk_nobody_has_is_not_there(salama):
    assert Client().get("/desk/nowhere/about/").status_code == 404


def test_it_names_nobody_and_shows_nothing_of_a_case(cast):
    ticket = cast.case("The payroll of Mr Kay", text="He was paid twice.")
    shown = page("sparkrock")
    for secret in (
        str(ticket),
        ticket.subject,
        "paid twice",
        "Chitra",
        "Asha",
        "Northwind Schools",
        cast.asha.user.email,
    ):
        assert secret not in shown
