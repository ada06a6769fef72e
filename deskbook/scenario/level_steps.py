"""What may happen in a scenario of levels, steps, papers, freezes, estimates, deliveries and
rosters.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from deskbook.book.findings import nearest
from deskbook.book.words import fold
from deskbook.engine import events as happened
from deskbook.engine.amounts import OpenTime, parse_amount
from deskbook.engine.decide_assignment import decide_hand_over
from deskbook.engine.decide_procedure import (
    decide_receive_paper,
    decide_return_paper,
    decide_tick,
    decide_untick,
)
from deskbook.engine.decide_redirect import decide_redirect
from deskbook.engine.decide_work import (
    decide_book_work,
    decide_confirm_delivery,
    decide_decline_estimate,
    decide_deliver,
    decide_offer_estimate,
    decide_sign_estimate,
)
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.procedures import papers_of, steps_of
from deskbook.engine.rosters import Shift, on_duty
from deskbook.engine.ticket import Actor
from deskbook.scenario.moments import read_moment, written
from deskbook.scenario.sentences import ACTOR_AGENT, ACTOR_CONTACT, Said, Sentence
from deskbook.scenario.story import CHITRA, CannotBe, Story

AGENT = "asha"


def titled(word: str, named: Mapping[str, str], noun: str) -> str:
    """Returns the key of a thing said by its key or by its title. Refuses (CannotBe) one the book
    does not have.
    """
    titles = {fold(title): key for key, title in named.items()}
    said = fold(word)
    if said in named or said in titles:
        return said if said in named else titles[said]
    raise CannotBe(f"{word!r} is no {noun} of the book: {nearest(word, named.values())}")


def team_named(desk: Desk, word: str) -> str:
    """Returns a team by its key or title, or by its level when that has one team only."""
    teams = {key: team.title for key, team in desk.teams.items()}
    level = next(
        (k for k, level in desk.levels.items() if fold(word) in (k, fold(level.title))), None
    )
    members = [key for key, team in desk.teams.items() if level and team.level == level]
    return members[0] if len(members) == 1 else titled(word, teams, "team")


def _pass_on(story: Story, said: Said) -> None:
    held = team_named(story.desk, said.words["team"]) if "team" in said.words else None
    if held and held != story.case.team:
        raise CannotBe(
            f"{said.words['team']} does not have the case: {story.case.team or 'no team'} has"
        )
    by = story.agent(held)
    to, channel = team_named(story.desk, said.words["to"]), said.words.get("channel")
    channel = fold(channel) if channel else None
    decided = decide_hand_over(
        story.desk, story.case, to, channel=channel, reason=said.text(), at=said.at, by=by
    )
    story.take(decided, at=said.at, by=by)


Decider = Callable[[Story, Said, Actor], Decision]


def _by_agent(decide: Decider) -> Callable[[Story, Said], None]:
    def step(story: Story, said: Said) -> None:
        by = story.agent(
            team_named(story.desk, said.words["team"]) if "team" in said.words else None
        )
        story.take(decide(story, said, by), at=said.at, by=by)

    return step


def _by_contact(decide: Decider) -> Callable[[Story, Said], None]:
    def step(story: Story, said: Said) -> None:
        story.take(decide(story, said, CHITRA), at=said.at, by=CHITRA)

    return step


def _redirect(story: Story, said: Said, by: Actor) -> Decision:
    to = titled(
        said.words["to"], {key: o.title for key, o in story.desk.outside.items()}, "outside contact"
    )
    reference = said.words.get("reference")
    return decide_redirect(
        story.desk,
        story.case,
        to,
        fold(said.words["channel"]),
        reference=reference,
        at=said.at,
        by=by,
    )


def _step_named(story: Story, word: str) -> str:
    return titled(
        word,
        {step.key: step.title for step in steps_of(story.desk, story.case)},
        "step of this case",
    )


def _tick(story: Story, said: Said, by: Actor) -> Decision:
    """Ticking is for who is on shift, when the scenario has a roster of the team."""
    team = story.case.team
    rostered = [shift for shift in story.shifts if shift.team == team]
    on = not rostered or AGENT in on_duty(rostered, team or "", at=said.at)
    step = _step_named(story, said.words["step"])
    return decide_tick(story.desk, story.case, step, on_duty=on, at=said.at, by=by)


def _untick(story: Story, said: Said, by: Actor) -> Decision:
    return decide_untick(
        story.desk, story.case, _step_named(story, said.words["step"]), at=said.at, by=by
    )


def _paper_named(story: Story, word: str) -> str:
    return titled(
        word,
        {paper.key: paper.title for paper in papers_of(story.desk, story.case)},
        "paper of this case",
    )


def _send_paper(story: Story, said: Said, by: Actor) -> Decision:
    paper = _paper_named(story, said.words["paper"])
    return decide_receive_paper(story.desk, story.case, paper, message="m", at=said.at, by=by)


def _return_paper(story: Story, said: Said, by: Actor) -> Decision:
    paper = _paper_named(story, said.words["paper"])
    return decide_return_paper(
        story.desk, story.case, paper, reason=said.text() or None, at=said.at, by=by
    )


def _minutes(word: str) -> int:
    amount = parse_amount(word)
    if not isinstance(amount, OpenTime):
        raise CannotBe(f"{word!r} is no working time: write hours and minutes, 2h or 90m")
    return int(Fraction(amount.duration / timedelta(minutes=1)))


def _cost(said: Said) -> str:
    cost = said.words.get("cost")
    return f"{Decimal(cost):.2f} {said.words['currency'].upper()}" if cost else ""


def _offer(story: Story, said: Said, by: Actor) -> Decision:
    number = str(len(story.case.estimates) + 1)
    offered = happened.EstimateOffered(number, _minutes(said.words["time"]), _cost(said))
    return decide_offer_estimate(story.desk, story.case, offered, at=said.at, by=by)


def _latest_estimate(story: Story) -> str:
    if not story.case.estimates:
        raise CannotBe("no estimate was offered yet")
    return story.case.estimates[-1].id


def _book(story: Story, said: Said, by: Actor) -> Decision:
    booked = happened.WorkBooked(_latest_estimate(story), _minutes(said.words["time"]), _cost(said))
    return decide_book_work(story.desk, story.case, booked, at=said.at, by=by)


def _deliver(story: Story, said: Said, by: Actor) -> Decision:
    return decide_deliver(
        story.desk, story.case, happened.Delivered(said.words["version"]), at=said.at, by=by
    )


def _confirm(story: Story, said: Said, by: Actor) -> Decision:
    version = said.words.get("version")
    if version and story.case.delivered not in (None, version):
        raise CannotBe(f"version {version} was not delivered: {story.case.delivered} was")
    return decide_confirm_delivery(story.desk, story.case, at=said.at, by=by)


def _on_shift(story: Story, said: Said) -> None:
    team = team_named(story.desk, said.words["team"])
    until_at = read_moment(said.words["until"], said.zone)[0]
    if until_at <= said.at:
        raise CannotBe("the shift ends before it begins")
    place = said.words.get("place")
    sites = dict(story.desk.facets["site"].values) if "site" in story.desk.facets else {}
    at_site = titled(place, sites, "site") if place else None
    story.shifts.append(Shift(fold(said.words["person"]), team, said.at, until_at, at_site))


def _campaign_ends(story: Story, said: Said) -> None:
    ends = {written(at, said.zone) for at in campaign_ends(story.desk)}
    if said.at not in campaign_ends(story.desk):
        raise CannotBe(
            f"the campaign ends {' and '.join(sorted(ends)) or 'never: the book has none'}"
        )


def campaign_ends(desk: Desk) -> set[datetime]:
    """Returns the instants at which a freeze or the desk's own calendar ends."""
    ends = {freeze.until_at for freeze in desk.freezes}
    last = desk.calendars[desk.hours].valid_until
    if last is None:
        return ends
    wall = (
        last if isinstance(last, datetime) else datetime.combine(last, time()) + timedelta(days=1)
    )
    return ends | {wall.replace(tzinfo=ZoneInfo(desk.zone)).astimezone(UTC)}


def _nothing(story: Story, said: Said) -> None:
    """What is due falls due by itself."""


_PASSES = r" passes (?:it|the case) (?:on |back )?to (?P<to>[^:]+?)(?: by (?P<channel>[^:]+))?"
_FOR_COST = r"(?: for (?P<cost>\d+(?:\.\d{1,2})?) (?P<currency>[A-Z]{3}))?"
_TIME = r"(?P<time>\d+(?:\.\d+)?(?:h|m))"
_UNTIL = r"(?P<until>MOMENT)"
LEVEL_STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        ACTOR_AGENT + _PASSES,
        "A hop, by the channel named; why comes after the colon.",
        "an agent passes it to L3 by email: The sync fails on every device",
        _pass_on,
    ),
    Sentence(
        r"(?:the )?(?P<team>[^:]+?)" + _PASSES,
        "The same, said of the team that has it; a level stands for its team.",
        "the help desk passes it to L3 by email",
        _pass_on,
    ),
    Sentence(
        ACTOR_AGENT + r" redirects (?:it|the case) to (?P<to>[^:]+?) by (?P<channel>[^:]+?)"
        r"(?: with reference (?P<reference>[^:]+))?",
        "To somebody outside: the case ends, and is not counted as solved.",
        "an agent redirects it to NMCP officials by phone with reference 4711",
        _by_agent(_redirect),
    ),
    Sentence(
        ACTOR_AGENT + r" ticks (?P<step>[^:]+)",
        "A step of the case's procedure is done. With a roster in the scenario only by who is on"
        " shift.",
        "an agent ticks Compare with the master data in the platform",
        _by_agent(_tick),
    ),
    Sentence(
        ACTOR_AGENT + r" unticks (?P<step>[^:]+)",
        "It was not done after all.",
        "an agent unticks Compare with the master data in the platform",
        _by_agent(_untick),
    ),
    Sentence(
        ACTOR_CONTACT + r" sends the paper (?P<paper>[^:]+)",
        "A paper the request needs comes.",
        "the contact sends the paper FORM 3",
        _by_contact(_send_paper),
    ),
    Sentence(
        ACTOR_AGENT + r" returns the paper (?P<paper>[^:]+)",
        "It is not what is needed; why comes after the colon.",
        "an agent returns the paper FORM 3: It is not signed",
        _by_agent(_return_paper),
    ),
    Sentence(
        r"an estimate of " + _TIME + _FOR_COST + r" is offered",
        "The customer is asked to sign off time and cost.",
        "an estimate of 2h for 300.00 CAD is offered",
        _by_agent(_offer),
    ),
    Sentence(
        r"(?:the|an) estimate(?: of [^:]+?)? is signed",
        "The latest estimate becomes a work order.",
        "the estimate is signed",
        _by_contact(
            lambda s, said, by: decide_sign_estimate(
                s.desk, s.case, _latest_estimate(s), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        r"(?:the|an) estimate(?: of [^:]+?)? is declined",
        "The customer does not want it; why comes after the colon.",
        "the estimate is declined: Too dear",
        _by_contact(
            lambda s, said, by: decide_decline_estimate(
                s.desk, s.case, _latest_estimate(s), reason=said.text() or None, at=said.at, by=by
            )
        ),
    ),
    Sentence(
        _TIME + _FOR_COST + r" (?:is|are) booked",
        "Time, and what it cost, on the latest work order.",
        "1h for 150.00 CAD is booked",
        _by_agent(_book),
    ),
    Sentence(
        r"version (?P<version>[^:]+) is delivered",
        "Delivered; the customer's confirmation is awaited.",
        "version 4.2 is delivered",
        _by_agent(_deliver),
    ),
    Sentence(
        r"(?:the delivery|version (?P<version>[^:]+)) is confirmed",
        "The customer has put it to use and it works.",
        "the delivery is confirmed",
        _by_contact(_confirm),
    ),
    Sentence(
        r"(?P<person>\w+) is on shift for (?P<team>[^:]+?)(?: at (?P<place>[^:]+?))? until "
        + _UNTIL,
        "A line of the roster, from this instant on. Asha is the agent of the other sentences.",
        "Asha is on shift for L2 until Mon 2023-08-07 14:00",
        _on_shift,
    ),
    Sentence(
        r"nobody acts", "Time passes; what is due by itself happens.", "nobody acts", _nothing
    ),
    Sentence(
        r"the campaign ends",
        "The last day of the campaign, or of a freeze, is over at this very instant.",
        "the campaign ends",
        _campaign_ends,
    ),
)
