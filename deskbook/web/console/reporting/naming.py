"""What the lines and filters of a report are called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.reports.narrowing import places_and_agents
from deskbook.reports.report import By, Own
from deskbook.reports.steps import Size, Step
from deskbook.web.told import channel_title, not_in_book, severity_word, team_title


@dataclass(frozen=True)
class Naming:
    """The words of one desk for what its reports are asked by."""

    desk_id: int
    desk: Desk
    steps: Sequence[Step] = ()
    size: Size = "day"
    _kept: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def offered(self, name: str) -> tuple[str, dict[str, str]]:
        """Returns a filter's label and what can be chosen."""
        label = {
            "team": _("Team"),
            "severity": severity_word(self.desk),
            "category": _("Category"),
            "plan": _("Plan"),
            "place": _("Place"),
            "channel": _("Channel"),
            "agent": _("Owner"),
        }[name]
        return label, dict(self.titles(name))

    def titles(self, name: str) -> Mapping[str, str]:
        """Returns what each value of a filter, or of lines, is called."""
        if name not in self._kept:
            self._kept[name] = self._titles(name)
        return self._kept[name]

    def line(self, by: By | Own, key: str) -> str:
        """Returns what a line is called."""
        if by == "time":
            first = self.steps[int(key) - 1].first
            return date_format(first, "F Y" if self.size == "month" else "j M Y")
        if by == "place and kind":
            place, _blank, kind = key.partition(" ")
            return f"{self.line('place', place)} · {self.line('kind', kind)}"
        if by == "hour":
            return f"{int(key):02}:00"
        if not key:
            return _("Nobody") if by == "agent" else _("None")
        return self.titles(by).get(key) or not_in_book(key)

    @property
    def head(self) -> Mapping[By | Own, str]:
        """What stands over the lines."""
        return {
            "time": _("From"),
            "team": _("Team"),
            "severity": severity_word(self.desk),
            "category": _("Category"),
            "kind": _("Type"),
            "place": _("Place"),
            "place and kind": _("Place and type"),
            "channel": _("Channel"),
            "agent": _("Owner"),
            "hour": _("Hour"),
            "span": _("Within"),
            "age": _("Age"),
            "wait": _("Where"),
            "team it was with": _("Team"),
        }

    def _titles(self, name: str) -> Mapping[str, str]:
        desk = self.desk
        match name:
            case "team" | "team it was with":
                return {key: team_title(desk, key) for key in desk.teams}
            case "severity":
                return {one.key: one.title for one in desk.severities.values()}
            case "category" | "kind":
                facet = desk.facets.get({"kind": "type"}.get(name, name))
                return dict(facet.values) if facet else {}
            case "plan":
                return {key: plan.title for key, plan in desk.plans.items()}
            case "channel":
                return {key: channel_title(key, desk) for key in desk.channels}
            case "place" | "agent":
                return self._from_tables[name == "agent"]
            case _:
                return _spans()

    @cached_property
    def _from_tables(self) -> tuple[dict[str, str], dict[str, str]]:
        return places_and_agents(self.desk_id)


def _spans() -> Mapping[str, str]:
    return {
        "hour": _("1 hour"),
        "4 hours": _("4 hours"),
        "8 hours": _("8 hours"),
        "day": _("1 day"),
        "2 days": _("2 days"),
        "week": _("1 week"),
        "2 weeks": _("2 weeks"),
        "month": _("30 days"),
        "3 months": _("90 days"),
        "more": _("longer"),
        "older": _("older"),
        "walk-in": _("Walk-in"),
        "chat": _("Chat"),
        "phone": _("Phone"),
    }
