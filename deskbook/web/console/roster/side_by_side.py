"""What came of two rosters, side by side, in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.formats import number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from deskbook.book.compare.promised import CLOCKS
from deskbook.engine.desk import Desk
from deskbook.people.moments import spoken
from deskbook.people.words import Words
from deskbook.simulation.tally import ALL
from deskbook.simulation.told import teams_titled

Number = Mapping[str, Any]
"""One of `WhatIf.numbers`."""


@dataclass(frozen=True, slots=True)
class Group:
    """Numbers under one heading: which, what each is called and how it is said."""

    heading: Words
    whats: Set[str]
    title: Callable[[Desk, Number], str]
    says: Callable[[float], str]
    less_is_better: bool | None = None
    """None where neither is."""


@dataclass(frozen=True, slots=True)
class Row:
    """One number, said as it was and as it would have been."""

    title: str
    was: str
    becomes: str
    between: str
    """Where the second one lies in 95 of 100 cases."""
    turn: str
    """"better" or "worse" where that is sure, else empty."""


def side_by_side(desk: Desk, numbers: Sequence[Number]) -> Iterator[tuple[str, list[Row]]]:
    """Yields headings, each with its rows."""
    for group in _GROUPS:
        own = [one for one in numbers if one["what"] in group.whats]
        if rows := [_row(group.title(desk, one), group, one) for one in own]:
            yield str(group.heading), rows


def _row(title: str, group: Group, one: Number) -> Row:
    was, becomes, says = one["was"], one["becomes"], group.says
    turn = ""
    if one["sure"] and group.less_is_better is not None:
        turn = "better" if (becomes[0] < was[0]) == group.less_is_better else "worse"
    said = [says(ends[0]) if ends else "–" for ends in (was, becomes)]
    known = becomes and becomes[1] is not None
    ends = {"low": says(max(becomes[1], 0.0)), "high": says(becomes[2])} if known else {}
    between = _("%(low)s to %(high)s") % ends if ends else ""
    return Row(title, said[0], said[1], between, turn)


def _promise(desk: Desk, one: Number) -> str:
    clock, severity, _level = one["of"]
    name = str(capfirst(_(CLOCKS.get(clock, clock))))
    level = desk.severities.get(severity)
    return name if severity == ALL else f"{name}, {level.title if level else severity}"


def _channel(desk: Desk, one: Number) -> str:
    [key] = one["of"]
    channel = desk.channels.get(key)
    words = {
        "wait": _("%(channel)s, on the average"),
        "wait 90%": _("%(channel)s, nine of ten within"),
        "gave up": _("%(channel)s, gave up"),
        "closed": _("%(channel)s, came while it was closed"),
    }
    return words[one["what"]] % {"channel": channel.title if channel else key}


def _team(desk: Desk, one: Number) -> str:
    return teams_titled(desk, one["of"][0])


def _backlog(_desk: Desk, one: Number) -> str:
    return _("At the end") if one["what"] == "backlog at the end" else _("On the average")


def _share(value: float) -> str:
    return f"{number_format(100 * min(value, 1.0), 1)} %"


def _time(seconds: float) -> str:
    return spoken(timedelta(seconds=seconds)) if seconds >= _MINUTE else f"{seconds:.0f} s"


def _count(value: float) -> str:
    return number_format(value, 1)


_MINUTE = 60
_WAITS, _LOST = {"wait", "wait 90%"}, {"gave up", "closed"}
_OPEN = {"backlog", "backlog at the end"}
_GROUPS = (
    Group(_lazy("Promises kept"), {"met"}, _promise, _share, less_is_better=False),
    Group(_lazy("Promises that were due"), {"decided"}, _promise, _count),
    Group(_lazy("Waiting until somebody has it"), _WAITS, _channel, _time, less_is_better=True),
    Group(_lazy("Not served, in four weeks"), _LOST, _channel, _count, less_is_better=True),
    Group(_lazy("Open cases"), _OPEN, _backlog, _count, less_is_better=True),
    Group(_lazy("Time with something in hand"), {"utilisation"}, _team, _share),
)
