"""Sentences of work that is sold: estimates, work orders, deliveries."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

from deskbook.engine import work_events
from deskbook.engine.amounts import OpenTime, parse_amount
from deskbook.engine.decide_work import (
    decide_book_work,
    decide_confirm_delivery,
    decide_decline_estimate,
    decide_deliver,
    decide_log_time,
    decide_offer_estimate,
    decide_sign_estimate,
)
from deskbook.engine.decision import Decision
from deskbook.engine.ticket import Actor
from deskbook.scenario.acting import by_agent, by_contact
from deskbook.scenario.sentences import ACTOR_AGENT, Instead, Said, Sentence
from deskbook.scenario.story import CannotBe, Story


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
    offered = work_events.EstimateOffered(number, _minutes(said.words["time"]), _cost(said))
    return decide_offer_estimate(story.desk, story.case, offered, at=said.at, by=by)


def _latest_estimate(story: Story) -> str:
    if not story.case.estimates:
        raise CannotBe("no estimate was offered yet")
    return story.case.estimates[-1].id


def _book(story: Story, said: Said, by: Actor) -> Decision:
    booked = work_events.WorkBooked(
        _latest_estimate(story), _minutes(said.words["time"]), _cost(said)
    )
    return decide_book_work(story.desk, story.case, booked, at=said.at, by=by)


def _deliver(story: Story, said: Said, by: Actor) -> Decision:
    return decide_deliver(
        story.desk, story.case, work_events.Delivered(said.words["version"]), at=said.at, by=by
    )


def _confirm(story: Story, said: Said, by: Actor) -> Decision:
    version = said.words.get("version")
    if version and story.case.delivered not in (None, version):
        raise CannotBe(f"version {version} was not delivered: {story.case.delivered} was")
    return decide_confirm_delivery(story.desk, story.case, at=said.at, by=by)


def _estimate(story: Story, said: Said) -> Instead:
    estimates = story.as_of(said.at).case.estimates
    if not estimates:
        return "no estimate was offered"
    latest = estimates[-1]
    now = "signed" if latest.signed_at else "declined" if latest.declined_at else "open"
    return None if now == said.words["state"].lower() else f"the estimate is {now}"


def _log(story: Story, said: Said, by: Actor) -> Decision:
    logged = work_events.TimeLogged(_minutes(said.words["time"]))
    return decide_log_time(story.desk, story.case, logged, at=said.at, by=by)


def _logged(story: Story, said: Said) -> Instead:
    minutes = sum(one.minutes for one in story.as_of(said.at).case.logged)
    return None if minutes == int(said.words["minutes"]) else f"{minutes}m logged in all"


def _booked(story: Story, said: Said) -> Instead:
    minutes = sum(estimate.booked_minutes for estimate in story.as_of(said.at).case.estimates)
    return None if minutes == int(said.words["minutes"]) else f"{minutes}m booked in all"


_FOR_COST = r"(?: for (?P<cost>\d+(?:\.\d{1,2})?) (?P<currency>[A-Z]{3}))?"
_TIME = r"(?P<time>\d+(?:\.\d+)?(?:h|m))"
STEPS: tuple[Sentence[None], ...] = (
    Sentence(
        r"an estimate of " + _TIME + _FOR_COST + r" is offered",
        "The customer is asked to sign off time and cost.",
        "an estimate of 2h for 300.00 CAD is offered",
        by_agent(_offer),
    ),
    Sentence(
        r"(?:the|an) estimate(?: of [^:]+?)? is signed",
        "The latest estimate becomes a work order.",
        "the estimate is signed",
        by_contact(
            lambda s, said, by: decide_sign_estimate(
                s.desk, s.case, _latest_estimate(s), at=said.at, by=by
            )
        ),
    ),
    Sentence(
        r"(?:the|an) estimate(?: of [^:]+?)? is declined",
        "The customer does not want it; why comes after the colon.",
        "the estimate is declined: Too dear",
        by_contact(
            lambda s, said, by: decide_decline_estimate(
                s.desk, s.case, _latest_estimate(s), reason=said.text() or None, at=said.at, by=by
            )
        ),
    ),
    Sentence(
        _TIME + _FOR_COST + r" (?:is|are) booked",
        "Time, and what it cost, on the latest work order.",
        "1h for 150.00 CAD is booked",
        by_agent(_book),
    ),
    Sentence(
        ACTOR_AGENT + r" logs (?P<time>\S+)",
        "Time spent on the case, of what its plan includes.",
        "an agent logs 90m: Rebuilt the index",
        by_agent(_log),
    ),
    Sentence(
        r"version (?P<version>[^:]+) is delivered",
        "Delivered; the customer's confirmation is awaited.",
        "version 4.2 is delivered",
        by_agent(_deliver),
    ),
    Sentence(
        r"(?:the delivery|version (?P<version>[^:]+)) is confirmed",
        "The customer has put it to use and it works.",
        "the delivery is confirmed",
        by_contact(_confirm),
    ),
)
THEN: tuple[Sentence[Instead], ...] = (
    Sentence(
        r"the estimate is (?P<state>open|signed|declined)",
        "How the latest estimate stands.",
        "the estimate is signed",
        _estimate,
    ),
    Sentence(
        r"(?P<minutes>\d+)m are logged in all",
        "What is logged on the case, of what its plan includes.",
        "90m are logged in all",
        _logged,
    ),
    Sentence(
        r"(?P<minutes>\d+)m are booked in all",
        "What is booked on the work orders of the case.",
        "60m are booked in all",
        _booked,
    ),
)
