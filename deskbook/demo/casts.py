"""Who is at a desk of the demo, as its `cast.yaml` says: made-up people at made-up customers."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Seat:
    name: str
    role: str
    teams: tuple[str, ...]
    temporary: bool = False
    """Ends with the campaign."""


@dataclass(frozen=True, slots=True)
class Customer:
    name: str
    plan: str = ""
    zone: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """What a contact does where they work, and what their cases are sorted by because of it."""

    title: str
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who works at a desk and whom it helps. `given` and `family` are put together to names."""

    seats: tuple[Seat, ...]
    customers: tuple[Customer, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    languages: tuple[str, ...] = ("en",)
    named_of: int = 3
    """Named contacts of each customer; one more belongs to the community and may read."""
    phone: str = ""
    """First digits of their numbers; empty: they have none. The rest are numbers of series that no
    network uses.
    """
    post_word: str = ""
    """What the directory calls a post: "designation", "role"."""
    posts: tuple[Post, ...] = ()
    pen: bool = False
    """Whether they have a number in a staff directory."""
