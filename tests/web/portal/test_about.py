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
    with time_machine.travel(datetime(2023, 8, 9, 2, 0, tzinfo=UTC), tick=False):
        # Before dawn in Maputo.
        shown = page()
    assert "Africa/Maputo" in shown
    assert "Asia/Kolkata" in shown
    assert "Closed now" in shown


def test_everybody_reads_when_each_channel_is_open_what_it_asks_and_where_visitors_go(db):
    make_desk("spark")
    with time_machine.travel(datetime(2026, 3, 2, 8, 30, tzinfo=UTC), tick=False):
        # 14:00 in Kerala, a Monday.
        day = page("spark")
    with time_machine.travel(datetime(2026, 3, 1, 8, 30, tzinfo=UTC), tick=False):
        sunday = page("spark")
    assert "You are asked for: Name, PEN, Registered mobile" in day
    told = "Write a message: the Master Trainers answer"
    assert told in sunday
    assert told not in day
    places = day.split('id="places"')[1]
    pmu, treasuries = places.split("</ul>")[:2]
    assert "SPARK PMU, Thiruvananthapuram" in pmu
    assert "0471 2579700" in pmu
    assert "Closed now" in pmu  # visitors from 12 to 13 and from 15 to 17
    assert "Open now" in treasuries
    assert "0497 2707722" in treasuries
    assert "Treasury, Kollam" in treasuries


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
