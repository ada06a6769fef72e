"""Reads addresses.txt: what everybody is answered at every address."""

import re
from dataclasses import dataclass
from pathlib import Path

ROLES = ("nobody", "requester", "colleague", "other", "stranger", "agent", "lead", "owner")
OUTSIDE = ("nobody", "other", "stranger")
"""Those who may read nothing of the requester whose cases are at the desk."""


@dataclass(frozen=True)
class Line:
    """One address; `{Name}` stands for a thing of the desk that is tried."""

    address: str
    answers: dict[str, str]
    """Role → a letter for GET and one for POST."""
    by_link: bool
    """Whoever has the address may: a secret stands in it."""

    def at(self, whole):
        """Return the address with the things of a desk."""
        return with_things(self.address, whole)

    @property
    def things(self):
        return re.findall(r"\{([^}]+)\}", self.address)


def with_things(address, whole):
    return re.sub(r"\{([^}]+)\}", lambda found: whole.things[found[1]], address)


def lines():
    written = (Path(__file__).parent / "addresses.txt").read_text().splitlines()
    return [_line(text) for text in written if text and not text.startswith("#")]


def _line(text):
    address, *rest = re.split(r"  +", text.strip())
    *answers, last = rest
    by_link = last == "by link"
    return Line(address, dict(zip(ROLES, answers if by_link else rest, strict=True)), by_link)
