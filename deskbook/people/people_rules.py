"""Who is let in although nobody added them, and as what: the operator's rules, by mail domain or
group.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

REQUESTER = "requester"
ROLES = (REQUESTER, "agent", "lead", "owner")
"""From the least: who is of several groups gets the last of theirs."""


class WrongRule(ValueError):
    """A rule cannot be read; the text says which and what it should look like."""


@dataclass(frozen=True, slots=True)
class PeopleRule:
    """Whoever has an address of this domain ("@example.org"), or is of this group, is this at this
    desk.
    """

    who: str
    desk: str
    role: str
    teams: tuple[str, ...] = ()

    def holds(self, address: str, groups: Collection[str]) -> bool:
        """Whether it is about somebody with this proven address, or "", and these groups."""
        if self.who.startswith("@"):
            return address.rpartition("@")[2].lower() == self.who[1:].lower()
        return self.who.casefold() in {group.casefold() for group in groups}


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody is at a desk by the rules that hold for them."""

    role: str
    teams: tuple[str, ...]


def read_rules(text: str) -> tuple[PeopleRule, ...]:
    """Returns the rules of a text like "@example.org -> sparkrock requester; Service Desk ->
    sparkrock agent frontline". Raises WrongRule.
    """
    return tuple(_rule(part.strip()) for part in text.split(";") if part.strip())


def places(
    rules: Sequence[PeopleRule], address: str, groups: Collection[str]
) -> dict[str, Place | None]:
    """Returns for the key of each desk that a rule names what somebody is there; None: nothing."""
    found: dict[str, Place | None] = {}
    for desk in dict.fromkeys(rule.desk for rule in rules):
        holding = [rule for rule in rules if rule.desk == desk and rule.holds(address, groups)]
        found[desk] = _together(holding) if holding else None
    return found


def _together(rules: Sequence[PeopleRule]) -> Place:
    role = max((rule.role for rule in rules), key=ROLES.index)
    return Place(role, tuple(dict.fromkeys(team for rule in rules for team in rule.teams)))


def _rule(text: str) -> PeopleRule:
    who, arrow, what = (part.strip() for part in text.rpartition("->"))
    words = what.replace(",", " ").split()
    if not arrow or not who or len(words) < 2 or words[1] not in ROLES:
        raise WrongRule(
            f"“{text[:80]}” is no rule; write who, an arrow, the desk’s key and one of"
            f" {', '.join(ROLES)}, then teams: Service Desk -> sparkrock agent frontline"
        )
    if words[1] == REQUESTER and words[2:]:
        raise WrongRule(f"“{text[:80]}” names teams, and requesters have none.")
    return PeopleRule(who, words[0], words[1], tuple(words[2:]))
