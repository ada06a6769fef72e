"""A small desk with a roster: two teams in two zones, one of them staffed by the book."""

from datetime import UTC, datetime, timedelta

from deskbook.people.rosters import Plan, add_shift
from tests.people_factory import make_agent, make_desk

BOOK = """
deskbook: 1
name: Campaign Help Desk
zone: Africa/Maputo
hours:
  maputo: { mon-sun: "06:00-24:00", default: yes }
  bangalore: { mon-fri: "09:30-18:30", zone: Asia/Kolkata }
severities: { critical: Everything stands., normal: { default: yes } }
teams:
  help desk: { hours: maputo, mail: helpdesk@campaign.example }
  technical: { hours: bangalore, mail: technical@campaign.example }
routing: { first: help desk }
rosters:
  - { team: help desk, during: maputo, at least: 1, assign: round robin }
alerts: { always for: critical }
"""
MONDAY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # 06:00 in Maputo
HOUR = timedelta(hours=1)


def campaign_desk(text=BOOK):
    return make_desk("campaign", text)


def on_shift(agent, hour, hours=8, team="help desk", days=0, place=""):
    """Put somebody on the roster from so many hours after six in Maputo on Monday."""
    from_at = MONDAY + timedelta(days=days, hours=hour)
    return add_shift(agent.desk, Plan(team, from_at, from_at + hours * HOUR, agent, place))


def crew(desk):
    """Return Asha and Kofi of the help desk, Bala who leads both teams."""
    return (
        make_agent(desk, "Asha", teams=("help desk",)),
        make_agent(desk, "Kofi", teams=("help desk",)),
        make_agent(desk, "Bala", role="lead", teams=("help desk", "technical")),
    )
