"""What not everybody who works at a desk may, by their role; `access.py` asks and refuses."""

from collections.abc import Mapping
from typing import Literal

from deskbook.people.models import Agent

Right = Literal[
    "answer leave",
    "apply book",
    "begin desks",
    "change contacts",
    "change followers",
    "change requester",
    "connect gateways",
    "connect telephone",
    "settle left over",
    "edit roster",
    "hold cases",
    "end a day",
    "keep answers",
    "make owners",
    "manage people",
    "move in",
    "read reports",
    "retry jobs",
    "steer improvements",
    "unmerge",
    "upload lists",
    "work on cases",
]
"""What is asked for before something is done. All of it: what is not named here is nobody's."""
_ALL = frozenset(Agent.Role)
_LEADS = frozenset({Agent.Role.LEAD, Agent.Role.OWNER})
_OWNERS = frozenset({Agent.Role.OWNER})
WHO_MAY: Mapping[Right, frozenset[Agent.Role]] = {
    "answer leave": _LEADS,
    "apply book": _OWNERS,
    "begin desks": _OWNERS,
    "change contacts": _ALL,
    "change followers": _ALL,
    "change requester": _ALL,
    "connect gateways": _OWNERS,
    "connect telephone": _OWNERS,
    "settle left over": _LEADS,
    "edit roster": _LEADS,
    "hold cases": _LEADS,
    "end a day": _LEADS,
    "keep answers": _LEADS,
    "make owners": _OWNERS,
    "manage people": _LEADS,
    "move in": _OWNERS,
    "read reports": _LEADS,
    "steer improvements": _LEADS,
    "unmerge": _LEADS,
    "upload lists": _LEADS,
    "retry jobs": _OWNERS,
    "work on cases": _ALL,
}


def may(agent: Agent, right: Right) -> bool:
    """Whether the agent's role has the right; one that stands in no list is of no role."""
    return agent.role in WHO_MAY.get(right, ())
