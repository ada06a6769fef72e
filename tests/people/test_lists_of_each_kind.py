"""What each kind of list takes and refuses: organisations, places, agents, rosters."""

from datetime import timedelta

import pytest

from deskbook.book.roster_file import read_roster
from deskbook.people.books import desk_in_force
from deskbook.people.lists import kinds
from deskbook.people.models import Agent, Organisation, Place
from deskbook.people.roster_models import Shift
from tests.people.list_steps import counts, read, take_in, why, written
from tests.people.roster_desk import MONDAY, campaign_desk, crew, on_shift
from tests.people_factory import make_agent, make_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def bala():
    return make_agent(make_desk("sparkrock"), "Bala", role="lead")


def test_organisations_come_with_a_plan_of_the_book(bala):
    upload = read(
        bala,
        "organisations",
        "name,plan,zone,domains\nNorth,diamond,America/Halifax,@north.example"
        " north.org\nS,gold,,\n",
    )
    assert "The book has no plan “gold”" in why(upload, 3)
    take_in(
        read(
            bala,
            "organisations",
            "name,plan,zone,domains\nNorth,Diamond,America/Halifax,@north.example\n",
        )
    )
    north = Organisation.objects.get()
    assert (north.plan, north.domains) == ("diamond", ["north.example"])
    changed = read(bala, "organisations", "name,plan\nnorth,basic\n")
    assert counts(changed) == (0, 1, 0, 0)
    take_in(changed)
    north.refresh_from_db()
    assert (north.plan, north.zone, north.name) == ("basic", "America/Halifax", "North")


def test_places_lie_within_places_of_any_line_but_never_within_themselves(bala):
    upload = read(
        bala,
        "places",
        "code,name,kind,within\nV1,Namige,village,D1\nD1,Mogincual,district,\nV2,X,village,D9\n",
    )
    assert counts(upload) == (2, 0, 0, 1)
    assert "no place with the code “D9”" in why(upload, 4)
    circle = read(bala, "places", "code,name,within\nA,A,B\nB,B,A\n")
    assert "would lie within itself" in why(circle, 2)
    take_in(read(bala, "places", "code,name,within\nV1,Namige,D1\nD1,Mogincual,\n"))
    assert Place.objects.get(code="V1").within == "D1"


def test_seats_are_made_in_bulk_and_no_list_makes_owners(bala):
    upload = read(
        bala,
        "agents",
        "name,mail,phone,role,team,until\nAsha,asha@n.example,+14165550101,Supervisor,support,2026-08-14\n"
        "Kofi,kofi@n.example,,owner,support,\nEsi,esi@n.example,,,cleaning,\n",
    )
    assert "Owners of the book" in why(upload, 3)
    assert "The book has no team “cleaning”" in why(upload, 4)
    take_in(
        read(
            bala,
            "agents",
            "name,mail,role,team,until\nAsha,Asha@n.example,Supervisor,support,2026-08-14\n",
        )
    )
    asha = Agent.objects.get(user__email="asha@n.example")
    assert (asha.role, asha.teams) == ("lead", ["support"])
    assert asha.until.isoformat() == "2026-08-15T04:00:00+00:00"  # the end of that day in Toronto
    owner = make_agent(bala.desk, "Esther", role="owner")
    assert read(bala, "agents", f"name,mail,role\nE,{owner.user.email},agent\n").wrong == 1


def test_no_list_ends_revives_or_moves_an_owner_and_who_is_switched_on_again_is_shown(bala):
    esther, gone = (make_agent(bala.desk, name, role="owner") for name in ("Esther", "Gone"))
    kofi = make_agent(bala.desk, "Kofi")
    Agent.objects.filter(pk__in=[gone.pk, kofi.pk]).update(is_active=False)
    upload = read(
        bala,
        "agents",
        f"name,mail,role,until,phone\nE,{esther.user.email},owner,2020-01-01,\nE,{gone.user.email},,,\n"
        f"K,{kofi.user.email},,,\n",
    )
    assert (why(upload, 2), why(upload, 3)) == (
        "Owners of the book are made, changed and unmade one by one, by an owner, not by a list.",
    ) * 2
    assert why(upload, 4) == "Their account is switched off; this line switches it on again."
    assert read(bala, "agents", f"name,mail,phone\nE,{esther.user.email},+14165550101\n").wrong == 1
    kind = kinds.LISTS["agents"]
    out = written(*kind.table(bala.desk))
    # A whole list may go out and come back, owners in it.
    assert counts(read(bala, "agents", out)) == (
        0,
        0,
        2,
        0,
    )


def test_a_roster_goes_out_and_comes_back_the_same_and_times_are_the_teams():
    desk = campaign_desk()
    asha, _kofi, bala = crew(desk)
    on_shift(asha, 16)
    kind = kinds.LISTS["shifts"]
    out = written(*kind.table(desk))
    assert b"help desk,asha@campaign.example,2026-03-02 22:00,2026-03-03 06:00,,Asha" in out
    # `check --roster`.
    assert not read_roster(desk_in_force(desk), out.decode("utf-8-sig"), "roster.csv").findings
    assert counts(read(bala, "shifts", out)) == (0, 0, 1, 0)
    upload = read(
        bala,
        "shifts",
        "mail,team,date,from,until\nasha@campaign.example,help desk,2026-03-02,22:00,23:00\n"
        "Kofi,Help Desk,02/03/2026,6:00,14:00\n,help desk,2026-03-03,06:00,14:00\n",
    )
    assert counts(upload) == (2, 1, 0, 0)
    take_in(upload)
    assert Shift.objects.filter(agent=None).count() == 1
    assert Shift.objects.get(agent=asha).until_at == MONDAY + timedelta(hours=17)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("dev@n.example,help desk,2026-03-02,06:00,14:00", "Nobody called “dev@n.example”"),
        (
            "asha@campaign.example,technical,2026-03-02,06:00,14:00",
            "Asha does not belong to Technical",
        ),
        (
            "asha@campaign.example,cleaning,2026-03-02,06:00,14:00",
            "The book has no team “cleaning”",
        ),
        ("asha@campaign.example,help desk,soon,06:00,14:00", "“soon” is no date"),
        (
            "asha@campaign.example,help desk,2026-03-02,morning,14:00",
            "“morning” is no date and time",
        ),
        ("asha@campaign.example,help desk,2026-03-02,07:00,09:00", "on shift then by line 2"),
    ],
)
def test_a_wrong_line_of_a_roster_says_why(line, sentence):
    desk = campaign_desk()
    _asha, _kofi, bala = crew(desk)
    first = "asha@campaign.example,help desk,2026-03-02,06:00,14:00"
    upload = read(bala, "shifts", f"person,team,date,from,until\n{first}\n{line}\n")
    assert sentence in why(upload, 3)
