"""How people come in: by which channel they wait, when it is open, to which team they come."""

from dataclasses import dataclass, field
from datetime import datetime

from deskbook.engine.channels import ChannelKind
from deskbook.engine.desk import Desk
from deskbook.simulation.case import SimulatedCase, team_of
from deskbook.simulation.channels import LOGGED, WAITING
from deskbook.simulation.load import Load
from deskbook.simulation.stretches import Stretch, closes_at, open_stretches


@dataclass(slots=True)
class Doors:
    """The channels of a desk over the time of a load."""

    desk: Desk
    load: Load
    teams: dict[tuple[tuple[str, str], ...], str | None] = field(default_factory=dict)
    hours: dict[str, list[Stretch]] = field(default_factory=dict)

    def waits_by(self, channel: str) -> ChannelKind | None:
        """Returns how somebody waits there and then; None where they leave words."""
        kind = self.desk.channels[channel].kind
        return kind if kind in WAITING else None

    def closes_at(self, channel: str, at: datetime) -> datetime | None:
        """Returns when a channel that is open closes; None while it is closed."""
        if channel not in self.hours:
            calendar = self.desk.channel_hours(self.desk.channels[channel])
            self.hours[channel] = open_stretches(calendar, self.load.from_at, self.load.until_at)
        return closes_at(self.hours[channel], at)

    def takes_words(self, channel: str) -> bool:
        """Whether who comes while it is closed leaves a message: in a chat, not on the phone."""
        return self.desk.channels[channel].kind not in LOGGED

    def begins_when_taken(self, kind: ChannelKind | None) -> bool:
        """Whether a case begins when somebody takes it, not when its requester comes."""
        return kind in LOGGED

    def team_of(self, facets: dict[str, str], at: datetime) -> str | None:
        """Returns the team such a case comes to."""
        key = tuple(facets.items())
        if key not in self.teams:
            self.teams[key] = team_of(self.desk, facets, at=at)
        return self.teams[key]

    def goes_at(self, case: SimulatedCase, at: datetime) -> datetime | None:
        """Returns when who waits there and then goes: their patience ends, or the doors close."""
        patience = self.load.requesters.patience.get(case.channel)
        ends = [
            self.closes_at(case.channel, at),
            at + patience.drawn(case.rng) if patience else None,
        ]
        goes_at = min((end for end in ends if end is not None), default=None)
        return goes_at if goes_at is not None and goes_at < self.load.until_at else None
