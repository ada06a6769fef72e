"""Cases that are taken without a name: which, and by which channels."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from deskbook.refusals.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Nameless:
    """A line of the book by which cases of some sort are taken without a name."""

    by: frozenset[str] = frozenset()
    """Channels; empty is every one of the book's."""
    when: Mapping[str, frozenset[str]] = field(default_factory=dict)
    line: int = 0

    def takes(self, facets: Mapping[str, str]) -> bool:
        """Whether a case is of its sort; the facets have the channel too."""
        by_it = not self.by or facets.get("channel", "") in self.by
        return by_it and all(facets.get(name, "") in values for name, values in self.when.items())


def refused_without_a_name(
    lines: tuple[Nameless, ...], facets: Mapping[str, str]
) -> Refusal | None:
    """Returns why a case is not taken without a name, or None where a line takes it."""
    return None if any(line.takes(facets) for line in lines) else Refusal("without a name")


def taken_by(lines: tuple[Nameless, ...], channel: str) -> tuple[Nameless, ...]:
    """Returns the lines that take cases without a name by this channel."""
    return tuple(line for line in lines if not line.by or channel in line.by)
