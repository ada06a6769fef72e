"""What can be proved about levels, hops, outside contacts, freezes and responsibilities."""

from collections.abc import Iterator
from itertools import pairwise

from deskbook.book.compile import Compiled
from deskbook.book.findings import nearest
from deskbook.book.words import fold
from deskbook.engine.channels import KNOWN
from deskbook.engine.desk import Conditions, Desk, HandUp
from deskbook.engine.handing_up import gets_it, level_of
from deskbook.engine.hops import hops_from


def prove_responsibilities(compiled: Compiled) -> None:
    """Every responsibility is owned by somebody."""
    for what, said in compiled.book.responsibilities.items():
        if not said.owned_by:
            compiled.remarks.error(
                ("responsibilities", what),
                "nobody owns this: write `owned by`",
                "unowned",
                at_key=True,
            )


def prove_outside(compiled: Compiled) -> None:
    """Every outside contact can be reached, and what goes there is not counted as solved."""
    for name, said in compiled.book.outside.items():
        if not said.by:
            compiled.remarks.error(
                ("outside", name),
                "nothing says how they are reached: write `by: [phone]`",
                "no-channel",
                at_key=True,
            )
    _prove_told(compiled)
    _prove_redirected(compiled)


def _prove_told(compiled: Compiled) -> None:
    """Who outside is told of something, or gets a case by itself, has an address."""
    desk = compiled.desk
    told = {name for line in desk.tells for name in line.to}
    told |= {name for line in desk.promised_reports for name in line.to}
    told |= {line.to for level in desk.levels.values() for line in level.hands_up if line.to}
    for name in compiled.book.outside:
        if fold(name) in told - desk.teams.keys() and not desk.outside[fold(name)].mail:
            compiled.remarks.error(
                ("outside", name),
                "nobody would tell them: write `mail`, where they hear of it",
                "no-address",
                at_key=True,
            )


def _prove_redirected(compiled: Compiled) -> None:
    """What goes outside ends in a stage of its own, and nothing else does."""
    desk, remarks = compiled.desk, compiled.remarks
    ends = [(fold(name), name) for name in compiled.book.stages if desk.stages[fold(name)].closed]
    redirected = [name for key, name in ends if desk.stages[key].redirected]
    if desk.outside and not redirected:
        remarks.warn(
            ("outside",),
            "redirected cases would be counted as closed ones: give a stage `redirected: yes`",
            "no-redirected-stage",
            at_key=True,
        )
    if redirected and not desk.outside:
        remarks.warn(
            ("stages", redirected[0]),
            "there is nobody to redirect to: name them under `outside`",
            "no-outside",
            at_key=True,
        )
    if redirected and ends[0][1] == redirected[0]:
        remarks.error(
            ("stages", redirected[0]),
            "ordinary closing would end here: put the stage with `closed: yes` above it",
            "first-closed",
            at_key=True,
        )


def prove_freezes(compiled: Compiled) -> None:
    """What a freeze holds has a stage to be held in."""
    if (
        compiled.book.freeze
        and compiled.book.stages
        and compiled.desk.stage_set_by("freeze") is None
    ):
        compiled.remarks.error(
            ("freeze",),
            "no stage holds what is frozen: give one `set by: freeze`",
            "no-freeze-stage",
            at_key=True,
        )
    if compiled.book.freeze and not compiled.book.stages:
        compiled.remarks.error(
            ("freeze",),
            "the usual stages have none for what is frozen: write `stages`, one of them `set by:"
            " freeze`",
            "no-freeze-stage",
            at_key=True,
        )


def prove_levels(compiled: Compiled) -> None:
    """Every level has a team, hops lead up and back, and handing up by itself has a way to go."""
    desk, remarks = compiled.desk, compiled.remarks
    spelled = {fold(name): name for name in compiled.book.levels}
    staffed = {team.level for team in desk.teams.values()}
    for key, name in spelled.items():
        if key not in staffed:
            remarks.warn(
                ("levels", name),
                f"no team is of this level: give one `level: {name}`",
                "empty-level",
                at_key=True,
            )
        _prove_hand_ups(compiled, key, name)
    for leaves, arrives in _missing_ways(desk) if desk.hops else ():
        remarks.warn(
            ("hops",),
            f"no line leads from {spelled[leaves]} to {spelled[arrives]}",
            "no-hop",
            at_key=True,
        )


def _prove_hand_ups(compiled: Compiled, key: str, name: str) -> None:
    """Handing up by itself leads somewhere else, and never back to where it began."""
    desk, entry = compiled.desk, compiled.book.levels[name]
    for number, line in enumerate(desk.levels[key].hands_up):
        short = number == len(entry.hands_up)
        path = ("levels", name, "hands up after" if short else "hands up")
        place = path if short else (*path, number)
        if stuck := _who_hands_up_to_nobody(desk, key, name, line):
            compiled.remarks.error(place, _nowhere(stuck, name, line), "no-way-up")
        elif key in _reached_from(desk, key, line):
            compiled.remarks.error(
                place,
                f"a case would come back to {name} by itself, again and again: hand it up to a"
                " level or team that does not hand it back",
                "hand-up-circle",
            )


def _nowhere(stuck: str, level: str, line: HandUp) -> str:
    """What is wrong with a line that leads nowhere from a team: it has it already, or no way."""
    if line.to is None:
        return (
            f"{stuck} has nowhere to hand up to: add a hop to a level after this one, or say `to`"
        )
    return (
        f"{stuck} is of {level} itself and would hand up to where it is: let `to` name a level or a"
        f" team that is not of {level}"
    )


def _reached_from(desk: Desk, level: str, first: HandUp) -> frozenset[str]:
    """The levels that a case may come to by itself once this line has handed it up."""
    reached: set[str] = set()
    ways = [(team, first) for team in desk.teams.values() if team.level == level]
    while ways:
        team, line = ways.pop()
        there = level_of(desk, gets_it(desk, line, team.key)[0] or "")
        if there is None or there.key in reached:
            continue
        reached.add(there.key)
        others = [other for other in desk.teams.values() if other.level == there.key]
        lines = [line for line in there.hands_up if _meet(line.when, first.when)]
        ways += [(other, line) for other in others for line in lines]
    return frozenset(reached)


def _meet(one: Conditions, other: Conditions) -> bool:
    """Whether a case may fit both."""
    return all(one[facet] & other[facet] for facet in one.keys() & other.keys())


def _stays(desk: Desk, line: HandUp, team: str) -> bool:
    return gets_it(desk, line, team) in ((None, None), (team, None))


def _who_hands_up_to_nobody(desk: Desk, level: str, name: str, line: HandUp) -> str:
    """The first team of a level from which no way leads up; the level itself where it has none."""
    teams = [team for team in desk.teams.values() if team.level == level]
    stuck = (team.title for team in teams if _stays(desk, line, team.key))
    return next(stuck, "") if teams else name


def _missing_ways(desk: Desk) -> Iterator[tuple[str, str]]:
    """Yields neighbouring levels, up or back, that no hop leads between."""
    members = {
        key: {key, *(t.key for t in desk.teams.values() if t.level == key)} for key in desk.levels
    }
    ways = [(hop.leaves, hop.arrives) for hop in desk.hops]
    for lower, upper in pairwise(desk.levels):
        for leaves, arrives in ((lower, upper), (upper, lower)):
            if not any(a in members[leaves] and b in members[arrives] for a, b in ways):
                yield leaves, arrives


def prove_seats(compiled: Compiled) -> None:
    """No tool is named for more people than it has seats."""
    for name, seats in compiled.book.seats.items():
        if len(seats.for_) > seats.limit:
            said = f"{len(seats.for_)} are named for {seats.limit} seats"
            also = (("seats", name, "limit"),)
            compiled.remarks.error(("seats", name, "for"), said, "seats", also=also)


def prove_hops(compiled: Compiled) -> None:
    """With hops, cases get to every team and on from it, by channels there are."""
    desk, remarks = compiled.desk, compiled.remarks
    known = {*desk.channels, *KNOWN, *(channel.kind for channel in desk.channels.values())}
    for number, line in enumerate(compiled.book.hops):
        for place, way in enumerate(line.by):
            if fold(way) not in known:
                said = f"{way!r} is no channel of this book: {nearest(way, desk.channels)}"
                remarks.warn(("hops", number, "by", place), said, "unknown-channel")
    for name in compiled.book.teams if desk.hops else ():
        for said, code in _stranded(desk, fold(name)):
            remarks.warn(("teams", name), said, code, at_key=True, also=(("hops",),))


def _stranded(desk: Desk, team: str) -> Iterator[tuple[str, str]]:
    if not _gets_cases(desk, team):
        said = "no case gets here: no rule, no line of `hops` and nothing else leads to this team"
        yield said, "unreached-team"
    elif len(desk.teams) > 1 and not any(hops_from(desk, team)):
        said = "no line of `hops` leads on from here: what this team cannot solve stays with it"
        yield said, "no-way-on"


def _gets_cases(desk: Desk, team: str) -> bool:
    """Whether something of the book leads to a team."""
    named = {rule.to for rule in desk.rules} | {desk.first_team}
    named |= {freeze.hand_over_to for freeze in desk.freezes}
    named |= {site.team for site in desk.sites.values()}
    for other in desk.teams:
        below = level_of(desk, other)
        named |= {gets_it(desk, line, other)[0] for line in below.hands_up} if below else set()
    level = desk.teams[team].level
    return team in named or any(hop.arrives in (team, level) for hop in desk.hops)
