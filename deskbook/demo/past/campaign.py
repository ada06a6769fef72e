"""The campaign desk of the demo: its dates moved so that it runs today, its rosters, an offer to
swap, a gap ahead.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from deskbook.engine.campaign import campaign_of
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.roster_models import Leave, Shift
from deskbook.people.swaps import offer_swap
from deskbook.refusals.refusal import Refused

BEGAN = timedelta(days=20)
LASTS_STILL = timedelta(days=2)
"""Until the distribution ends; the desk stays for the days the book adds."""
PARTS_OF_A_DAY = 3
_START = re.compile(r"^( +start: )\d{4}-\d\d-\d\d", re.MULTILINE)
_END = re.compile(r"^( +end of distribution: )\d{4}-\d\d-\d\d", re.MULTILINE)
_NOTE = (
    "# A copy made for the demo: the dates of the campaign are moved so that it runs today. The"
    " true ones: {dates}.\n"
)


def running_today(text: str, at: datetime) -> str:
    """Returns the text of a book with the dates of its campaign moved around `at`, and a line at
    the top that says so.

    A book without these dates comes back as it is.
    """
    start, end = _START.search(text), _END.search(text)
    if start is None or end is None:
        return text
    dates = f"{start.group().split()[-1]} to {end.group().split()[-1]}"
    moved = _START.sub(rf"\g<1>{(at - BEGAN).date()}", text)
    moved = _END.sub(rf"\g<1>{(at + LASTS_STILL).date()}", moved)
    return _NOTE.format(dates=dates) + moved


def campaign_ends_at(desk: Desk) -> datetime | None:
    """Returns when a desk that is there for a time only closes for good."""
    campaign = campaign_of(desk)
    return campaign.until_at if campaign else None


def make_rosters(helpdesk: HelpDesk, agents: Sequence[Agent], *, at: datetime) -> None:
    """Fills the rosters the book asks for, for the whole campaign: one shift nobody works, one
    offered to Asha.
    """
    desk = desk_in_force(helpdesk)
    shifts = [
        shift
        for need in desk.staffing
        for shift in _shifts(helpdesk, desk, need.team, need.hours, agents, at)
    ]
    _leave_one_unfilled(shifts, at)
    Shift.objects.bulk_create(shifts)
    if shifts:
        _offer_a_swap(helpdesk, at)
        _ask_for_leave(helpdesk, at)


def _shifts(
    helpdesk: HelpDesk, desk: Desk, team: str, hours: str, agents: Sequence[Agent], at: datetime
) -> Iterator[Shift]:
    """Every opening of the team's hours in equal parts, its people in turn; the first of them is on
    at `at`.
    """
    campaign = campaign_of(desk)
    people = [a for a in agents if team in a.teams and a.role == Agent.Role.AGENT]
    if campaign is None or campaign.from_at is None or campaign.until_at is None or not people:
        return
    spans = list(_spans(desk, hours, campaign.from_at, campaign.until_at))
    now = next((n for n, (_from, until) in enumerate(spans) if until > at), 0)
    for n, (from_at, until_at) in enumerate(spans):
        yield Shift(
            desk=helpdesk,
            agent=people[(n - now) % len(people)],
            team=team,
            from_at=from_at,
            until_at=until_at,
        )


def _spans(
    desk: Desk, hours: str, from_at: datetime, until_at: datetime
) -> Iterator[tuple[datetime, datetime]]:
    for opens_at, closes_at, _day in desk.calendars[hours].segments(from_at, until_at):
        part = (closes_at - opens_at) / PARTS_OF_A_DAY
        for n in range(PARTS_OF_A_DAY):
            yield opens_at + n * part, opens_at + (n + 1) * part


def _leave_one_unfilled(shifts: Sequence[Shift], at: datetime) -> None:
    ahead = [shift for shift in shifts if shift.from_at > at + timedelta(days=2)]
    if ahead:
        ahead[0].agent = None


def _offer_a_swap(helpdesk: HelpDesk, at: datetime) -> None:
    """Somebody offers Asha a shift for one of hers, the first pair the roster allows."""
    coming = Shift.objects.filter(
        desk=helpdesk, from_at__gt=at + timedelta(hours=20), agent__isnull=False
    )
    rows = list(coming.select_related("agent__user", "desk").order_by("from_at"))
    hers = [row for row in rows if row.agent and row.agent.user.email == "asha@example.org"]
    asked_at = at - timedelta(hours=3)
    for own in hers:
        for other in (row for row in rows if row.team == own.team and row.agent_id != own.agent_id):
            try:
                if other.agent and own.agent:
                    offer_swap(other, own.agent, other=own, at=asked_at, by=other.agent)
                    return
            except Refused:
                continue


def _ask_for_leave(helpdesk: HelpDesk, at: datetime) -> None:
    coming = Shift.objects.filter(
        desk=helpdesk, agent__isnull=False, from_at__gt=at + timedelta(days=3)
    )
    last = coming.exclude(agent__user__email="asha@example.org").order_by("from_at").first()
    if last and last.agent:
        Leave.objects.create(
            desk=helpdesk,
            agent=last.agent,
            from_at=last.from_at,
            until_at=last.until_at,
            reason="Consulta médica",
            asked_at=at - timedelta(hours=5),
        )
