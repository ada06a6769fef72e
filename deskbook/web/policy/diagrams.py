"""The stages of a case and the levels of a desk, drawn and in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from deskbook.engine.desk import HandUp, Level, Stage
from deskbook.engine.organisation import Hop
from deskbook.web.policy.amounts import amount_in_words
from deskbook.web.policy.drawing import Node, Way, drawn
from deskbook.web.policy.parts import Picture, lines
from deskbook.web.policy.reader import Reader
from deskbook.web.policy.stages import needs_in_words, next_in_words
from deskbook.web.told import channel_in_sentence

_TONES = {"third party": "other"}


def trigger_words() -> dict[str, str]:
    """Returns what moves a case to a stage by itself."""
    return {
        "opening": _("when it is opened"),
        "assignment": _("when somebody takes it"),
        "answering": _("when the desk answers"),
        "asking": _("when the desk asks"),
        "requester writing": _("when the requester writes"),
        "freeze": _("while changes are held"),
        "estimate": _("when an estimate is offered"),
        "delivery": _("when something is delivered"),
    }


def of_stages(reader: Reader) -> Picture:
    """Returns the stages one below the other, and the ways a case goes between them."""
    desk = reader.desk
    nodes = [Node(s.key, s.title, _stage_notes(reader, s), _tone(s)) for s in desk.stages.values()]
    ways = [*_closings(reader), *_choices(reader), *_moves(reader)]
    means = _(
        "Each box is a stage, with who acts next and what leads there. Numbered arrows are told"
        " below; broken ones go by themselves."
    )
    return drawn("stages-drawn", _("Stages of a case"), means, nodes, ways)


def _tone(stage: Stage) -> str:
    return _TONES.get(stage.next, stage.next)


def _stage_notes(reader: Reader, stage: Stage) -> tuple[str, ...]:
    words = trigger_words()
    return lines(
        next_in_words(stage.next),
        _("A case begins here") if stage.key == reader.desk.first_stage.key else "",
        *(words[trigger] for trigger in words if trigger in stage.set_by),
        needs_in_words(reader, stage),
    )


def _closings(reader: Reader) -> Iterator[Way]:
    """Yields the ways that silence leads a case."""
    stages = reader.desk.stages.values()
    end = next((stage for stage in stages if stage.closed and not stage.redirected), None)
    for stage in stages:
        if end and stage.ladder and stage.ladder.close:
            words = _("{stage} → {end}: by itself after {amount} without an answer").format(
                stage=stage.title, end=end.title, amount=amount_in_words(stage.ladder.close)
            )
            yield Way(stage.key, end.key, words, by_itself=True)


def _choices(reader: Reader) -> Iterator[Way]:
    """Yields where what the requester decides leads a case."""
    stages = reader.desk.stages
    for stage in stages.values():
        for choice in stage.choices:
            words = _("{stage} → {end}: the requester decides “{choice}”").format(
                stage=stage.title, end=stages[choice.to].title, choice=choice.title
            )
            yield Way(stage.key, choice.to, words)


def _moves(reader: Reader) -> Iterator[Way]:
    """Yields the moves the book names; where it names none, any is allowed and none is drawn."""
    stages = reader.desk.stages
    for stage in stages.values():
        for other in stages if stage.moves else ():
            if other in (stage.moves or ()):
                words = _("{stage} → {end}: by hand").format(
                    stage=stage.title, end=stages[other].title
                )
                yield Way(stage.key, other, words)


def of_levels(reader: Reader) -> Picture:
    """Returns levels, teams of no level and who is outside, and the ways between them."""
    desk = reader.desk
    nodes = [_level(reader, level) for level in desk.levels.values()]
    nodes += [
        Node(team.key, team.title, _arrivals(reader, team.key), "desk")
        for team in desk.teams.values()
        if not team.level
    ]
    beyond = (_("outside the desk"),)
    nodes += [Node(one.key, one.title, beyond, "other") for one in desk.outside.values()]
    means = _(
        "Each box is a level with its teams, a team, or somebody outside. Numbered arrows are told"
        " below; broken ones go by themselves."
    )
    title = _("Levels and the ways between them")
    return drawn("levels-drawn", title, means, nodes, [*_ways(reader), *_hand_ups(reader)])


def _level(reader: Reader, level: Level) -> Node:
    teams = [team for team in reader.desk.teams.values() if team.level == level.key]
    notes = [note for team in teams for note in (f"• {team.title}", *_arrivals(reader, team.key))]
    return Node(level.key, level.title, tuple(notes), "desk")


def _arrivals(reader: Reader, team: str) -> tuple[str, ...]:
    return (_("Every case arrives here first"),) if team == reader.desk.first_team else ()


def _ways(reader: Reader) -> Iterator[Way]:
    """Yields the hops the book allows; where it has none and cases arrive at one team, the ways of
    its rules.
    """
    desk = reader.desk
    for hop in desk.hops:
        yield Way(_node(reader, hop.leaves), _node(reader, hop.arrives), _hop(reader, hop))
    if not desk.hops and desk.first_team:
        for rule in desk.rules:
            words = _("{team} → {end}: {cases}").format(
                team=reader.holder(desk.first_team),
                end=reader.holder(rule.to),
                cases="; ".join(reader.conditions(rule.when)),
            )
            yield Way(_node(reader, desk.first_team), _node(reader, rule.to), words)


def _node(reader: Reader, key: str) -> str:
    """Returns the box a team or level stands in."""
    team = reader.desk.teams.get(key)
    return team.level or key if team else key


def _hop(reader: Reader, hop: Hop) -> str:
    by = ", ".join(channel_in_sentence(channel, reader.desk) for channel in hop.by)
    return _("{team} → {end}: by {channels}").format(
        team=reader.holder(hop.leaves),
        end=reader.holder(hop.arrives),
        channels=by or _("any channel"),
    )


def _hand_ups(reader: Reader) -> Iterator[Way]:
    levels = list(reader.desk.levels)
    for place, level in enumerate(reader.desk.levels.values()):
        for hand_up in level.hands_up:
            to = hand_up.to or next(iter(levels[place + 1 :]), "")
            yield Way(level.key, _node(reader, to), _hand_up(reader, level, hand_up, to), True)


def _hand_up(reader: Reader, level: Level, hand_up: HandUp, to: str) -> str:
    return _("{level} → {end}, by itself: {why} ({cases})").format(
        level=level.title,
        end=reader.holder(to) if to else _("nobody"),
        why=why_handed_up(hand_up),
        cases="; ".join(reader.conditions(hand_up.when)),
    )


def why_handed_up(hand_up: HandUp) -> str:
    """Returns what has not been done in time."""
    words = {
        "not answered": _("nobody of the team took it, answered or noted within {amount}"),
        "not solved": _("not solved within {amount}"),
    }
    if hand_up.after and hand_up.on in words:
        return words[hand_up.on].format(amount=amount_in_words(hand_up.after))
    return _("a promised time has passed")
