"""Who takes a merge back: one rule for tickets and for contacts."""

from deskbook.people.access import may
from deskbook.people.models import Agent


def may_unmerge(agent: Agent, merged_by: str) -> bool:
    """Whether an agent takes back what `merged_by` (the id of an agent, "" for the desk itself)
    merged.

    Whoever merged does, and leads.
    """
    return may(agent, "unmerge") or merged_by == str(agent.pk)
