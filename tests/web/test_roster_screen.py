"""The roster as people see and use it."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from deskbook.channels.email.models import OutboundMail
from deskbook.people.models import Agent
from deskbook.people.roster_models import Leave, Shift, Swap
from tests.people.roster_desk import HOUR, campaign_desk, crew, on_shift
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db
WEEK = "/console/roster/?team=help+desk&week=2026-W10"
NEW = "/console/roster/shifts/new"


@pytest.fixture
def cast(db):
    return crew(campaign_desk())


def signed_in(agent):
    client = Client()
    client.force_login(agent.user, "django.contrib.auth.backends.ModelBackend")
    return client


def text(response):
    return response.getvalue().decode()


def soon(agent, hours=24):
    """Put the agent on a shift that has not begun by the real clock; its team's hours do not matter
    here.
    """
    from_at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours)
    return Shift.objects.create(
        desk=agent.desk, agent=agent, team="help desk", from_at=from_at, until_at=from_at + 8 * HOUR
    )


def test_a_week_shows_people_by_days_with_their_shifts_and_the_gaps_of_the_book(cast):
    asha, _kofi, bala = cast
    on_shift(asha, 0)
    page = text(signed_in(bala).get(WEEK))
    assert "06:00–14:00" in page
    assert "Africa/Maputo" in page
    assert "14:00–24:00" in page  # the gap after it
    assert page.count('class="has-gap"') == 7
    assert "0 of 1" in page


def test_a_lead_adds_changes_and_removes_a_shift_in_the_teams_own_time(cast):
    asha, _kofi, bala = cast
    client = signed_in(bala)
    form = {
        "team": "help desk",
        "agent": asha.pk,
        "day": "2026-03-02",
        "from": "22:00",
        "until": "06:00",
    }
    assert client.post(NEW, form).url == WEEK
    shift = Shift.objects.get()
    assert f"{shift.from_at:%d %H:%M} {shift.until_at:%d %H:%M}" == "02 20:00 03 04:00"
    client.post(f"/console/roster/shifts/{shift.pk}", form | {"until": "23:00", "agent": ""})
    shift.refresh_from_db()
    assert (shift.agent, shift.until_at - shift.from_at) == (None, HOUR)
    client.post(f"/console/roster/shifts/{shift.pk}", {"remove": "1"})
    assert not Shift.objects.exists()


def test_a_shift_that_cannot_be_comes_back_as_typed_with_the_reason(cast):
    asha, _kofi, bala = cast
    on_shift(asha, 0)
    form = {
        "team": "help desk",
        "agent": asha.pk,
        "day": "2026-03-02",
        "from": "07:00",
        "until": "09:00",
    }
    refused = signed_in(bala).post(NEW, form)
    assert refused.status_code == 409
    assert "Asha is on shift then already" in text(refused)
    assert 'value="07:00"' in text(refused)
    assert signed_in(bala).post(NEW, form | {"day": "tomorrow"}).status_code == 422
    assert Shift.objects.count() == 1


def test_agents_look_and_ask_and_only_leads_edit(cast):
    asha, _kofi, bala = cast
    shift = on_shift(bala, 0)
    client = signed_in(asha)
    assert client.get(WEEK).status_code == 200
    assert client.get(f"/console/roster/shifts/{shift.pk}").status_code == 200
    assert "Add a shift" not in text(client.get(WEEK))
    for address in (NEW, f"/console/roster/shifts/{shift.pk}", "/console/roster/copying"):
        assert client.post(address, {"remove": "1"}).status_code == 404, address
    assert Shift.objects.filter(agent=bala).exists()


def test_leave_is_asked_for_accepted_by_a_lead_and_mailed_both_ways(cast):
    asha, kofi, bala = cast
    day = timezone.now() + timedelta(days=3)
    form = {
        "from_at": f"{day:%Y-%m-%d}T06:00",
        "until_at": f"{day:%Y-%m-%d}T12:00",
        "reason": "Dentist",
    }
    signed_in(asha).post("/console/roster/leave", form)
    leave = Leave.objects.get()
    assert "Dentist" in text(signed_in(bala).get(WEEK))
    assert "Dentist" not in text(signed_in(kofi).get(WEEK))
    address = f"/console/roster/leave/{leave.pk}"
    assert signed_in(kofi).post(address, {"accept": "1"}).status_code == 404
    assert signed_in(kofi).post(address, {"withdraw": "1"}).status_code == 404
    signed_in(bala).post(address, {"accept": "1"})
    assert Leave.objects.get().state == "accepted"
    told = list(OutboundMail.objects.order_by("pk").values_list("recipient", flat=True))
    assert told == [bala.user.email, asha.user.email]


def test_leave_that_cannot_be_read_comes_back_as_it_was_typed(asha):
    form = {"from_at": "2026-03-02T06:00", "until_at": "soon", "reason": "A wedding"}
    told = signed_in(asha).post("/console/roster/leave", form)
    assert told.status_code == 422
    for words in ("Give a date and a time.", 'value="2026-03-02T06:00"', 'value="A wedding"'):
        assert words in told.content.decode()
    assert not Leave.objects.exists()


def test_a_swap_is_offered_on_ones_own_shift_and_agreed_by_the_other(cast):
    asha, kofi, _bala = cast
    own, theirs = soon(asha), soon(kofi, 48)
    page = text(signed_in(asha).get(f"/console/roster/shifts/{own.pk}"))
    assert f'value="{kofi.pk}:{theirs.pk}"' in page
    signed_in(asha).post(
        "/console/roster/swaps", {"shift": own.pk, "for": f"{kofi.pk}:{theirs.pk}"}
    )
    swap = Swap.objects.get()
    assert "Agree" in text(signed_in(kofi).get(WEEK))
    signed_in(kofi).post(f"/console/roster/swaps/{swap.pk}", {"agree": "1"})
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.agent, theirs.agent) == (kofi, asha)
    assert [m.recipient for m in OutboundMail.objects.order_by("pk")] == [
        kofi.user.email,
        asha.user.email,
    ]


def mails():
    return [(m.recipient, m.subject) for m in OutboundMail.objects.order_by("pk")]


FALLEN = "An offer to swap a shift does not stand any more"


def offered(own, *others):
    """Offer one's shift to others; the mails of that are not counted."""
    for other in others:
        signed_in(own.agent).post("/console/roster/swaps", {"shift": own.pk, "for": other.pk})
    OutboundMail.objects.all().delete()
    return list(Swap.objects.order_by("pk"))


def test_who_was_asked_as_well_is_told_when_another_has_taken_the_shift(cast):
    asha, kofi, bala = cast
    first, _second = offered(soon(asha), kofi, bala)
    signed_in(kofi).post(f"/console/roster/swaps/{first.pk}", {"agree": "1"})
    assert (bala.user.email, FALLEN) in mails()
    assert (kofi.user.email, FALLEN) not in mails()
    assert Swap.objects.get().pk == first.pk


@pytest.mark.parametrize("part", ["changed", "removed"])
def test_both_sides_of_an_offer_are_told_when_a_lead_changes_its_shift(cast, part):
    asha, kofi, bala = cast
    shift = soon(asha)
    offered(shift, kofi)
    page = f"/console/roster/shifts/{shift.pk}"
    given = {"team": "help desk", "agent": asha.pk, "day": f"{shift.from_at:%Y-%m-%d}"}
    given |= {"from": "03:00", "until": "05:00"}
    answer = signed_in(bala).post(page, {"remove": "1"} if part == "removed" else given)
    assert answer.status_code == 302
    assert mails() == [(kofi.user.email, FALLEN), (asha.user.email, FALLEN)]
    assert not Swap.objects.exists()


def test_who_was_asked_is_told_when_an_offer_is_taken_back(cast):
    asha, kofi, _bala = cast
    [swap] = offered(soon(asha), kofi)
    signed_in(asha).post(f"/console/roster/swaps/{swap.pk}", {"withdraw": "1"})
    assert mails() == [(kofi.user.email, FALLEN)]


def test_a_mail_about_the_roster_leads_to_the_desk_it_is_about(cast):
    asha, kofi, _bala = cast
    signed_in(asha).post("/console/roster/swaps", {"shift": soon(asha).pk, "for": kofi.pk})
    mail = message_from_bytes(bytes(OutboundMail.objects.get().raw), policy=default)
    told = mail.get_body(("plain",)).get_content()
    elsewhere = make_agent(make_desk("sparkrock"), "Kofi")
    Agent.objects.filter(pk=elsewhere.pk).update(user=kofi.user)
    console = signed_in(kofi)
    console.get(f"/console/?desk={elsewhere.desk.key}")
    assert "Agree" in text(console.get(told[told.index("/console/roster/") :].split()[0]))


def test_a_week_goes_out_as_a_file(cast):
    asha, _kofi, bala = cast
    on_shift(asha, 0)
    answer = signed_in(bala).get("/console/roster/week.csv?team=help+desk&week=2026-W10")
    assert (
        "help desk,asha@campaign.example,2026-03-02 06:00,2026-03-02 14:00,,Asha"
        in answer.getvalue().decode("utf-8-sig")
    )


def test_a_persons_calendar_needs_no_sign_in_and_ends_with_a_new_address_or_their_seat(cast):
    asha, kofi, _bala = cast
    shift = soon(asha)
    soon(kofi)
    page = text(signed_in(asha).get(WEEK))
    address = page.split('value="http')[1].split('"')[0].partition("/roster/")[2]
    (event,) = Calendar.from_ical(Client().get(f"/roster/{address}").content).walk("VEVENT")
    assert event.decoded("dtstart") == shift.from_at
    assert Client().get(f"/roster/{address.replace('-0.', '-1.')}").status_code == 404
    signed_in(asha).post("/console/roster/calendar")
    assert Client().get(f"/roster/{address}").status_code == 404
    Agent.objects.filter(pk=asha.pk).update(feed_turn=0)
    assert Client().get(f"/roster/{address}").status_code == 200
    Agent.objects.filter(pk=asha.pk).update(until=timezone.now() - HOUR)
    assert Client().get(f"/roster/{address}").status_code == 404


def test_another_desks_lead_reaches_no_shift_leave_or_swap_of_this_one(cast):
    asha, kofi, _bala = cast
    shift = soon(asha)
    leave = asha.leave.create(
        desk=asha.desk,
        from_at=shift.from_at,
        until_at=shift.until_at,
        asked_at=timezone.now(),
        reason="Dentist",
    )
    swap = Swap.objects.create(
        desk=asha.desk, shift=shift, by=asha, to=kofi, asked_at=timezone.now()
    )
    stranger = signed_in(make_agent(make_desk("mukta"), "Farid", role="lead"))
    for part in (f"shifts/{shift.pk}", f"leave/{leave.pk}", f"swaps/{swap.pk}"):
        assert (
            stranger.post(f"/console/roster/{part}", {"remove": "1", "accept": "1"}).status_code
            == 404
        ), part
    assert stranger.get(f"/console/roster/shifts/{shift.pk}").status_code == 404
    assert "Dentist" not in text(stranger.get(WEEK))
    assert Shift.objects.filter(pk=shift.pk).exists()
