"""Agents: who works at a desk, in which role and teams."""

from collections.abc import Sequence

from deskbook.engine.addresses import normal_address
from deskbook.people.books import desk_in_force, usual_language
from deskbook.people.models import Agent, HelpDesk, User

SPOKEN = ("en", "pt")
"""The languages of the console."""


class UnknownTeam(ValueError):
    """The book has no such team; the text lists the ones it has."""


def invite_agent(
    desk: HelpDesk,
    email: str,
    *,
    name: str = "",
    role: str = Agent.Role.AGENT,
    teams: Sequence[str] = (),
) -> Agent:
    """Makes somebody an agent of the desk, or changes the role and teams they have there; returns
    the row of it.

    They sign in by a code mailed to `email`. Raises `UnknownTeam`.
    """
    known = desk_in_force(desk).teams
    unknown = [team for team in teams if team not in known]
    if unknown:
        raise UnknownTeam(
            f"The book of {desk} has no team {', '.join(unknown)}. It has:"
            f" {', '.join(known) or 'none'}."
        )
    user, _ = User.objects.get_or_create(
        email=normal_address(email), defaults={"name": name, "password": "!"}
    )
    now = {"role": role, "teams": list(teams), "is_active": True, "by_rule": False}
    agent, _ = Agent.objects.update_or_create(user=user, desk=desk, defaults=now)
    return agent


def language_of(agent: Agent) -> str:
    """Returns the language somebody works in: their own, else the desk's usual one, where the
    console speaks it.
    """
    own = agent.user.language
    return own if own in SPOKEN else language_at(agent.desk)


def language_at(desk: HelpDesk) -> str:
    """Returns the desk's usual language, where the console speaks it."""
    usual = usual_language(desk)
    return usual if usual in SPOKEN else SPOKEN[0]
