"""Who there is at a desk and beyond: teams, the ways from one to another, contacts outside."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    title: str
    means: str = ""
    hours: str | None = None
    mail: str = ""
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A way from one level or team to another; back is a hop of its own."""

    leaves: str
    arrives: str
    by: tuple[str, ...] = ()
    """Channels it may go by; empty is any."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Outside:
    """Somebody a case is redirected to when it is none of the desk's."""

    key: str
    title: str
    means: str = ""
    by: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    """What is theirs, in the book's words."""
    mail: str = ""
