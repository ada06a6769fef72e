"""A day at a site in numbers, and the proof of its order, read from the steps alone."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from deskbook.channels.walk_in.models import SiteDay, Token, TokenStep
from deskbook.engine.waiting import quantile

WAITS_FROM = frozenset({"taken", "settled"})
WAITS_AGAIN = frozenset({"passed on", "released"})
LEAVES = frozenset({"called", "given back", "unserved", "too late"})


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One service on one day. Waits run from taking the token to the first call."""

    service: str
    taken: int
    served: int
    waiting: int
    missed: int
    """Set aside and not back."""
    gone: int
    """Given back, or still waiting when the day was ended."""
    half: timedelta | None
    """Half of the waits were no longer."""
    nine_of_ten: timedelta | None
    longest: timedelta | None


def day_by_service(day: SiteDay) -> list[ServiceDay]:
    """Returns the waits of a day by service, in the order of their keys."""
    by_service: dict[str, list[Token]] = defaultdict(list)
    for token in Token.objects.filter(day=day):
        by_service[token.service].append(token)
    return [_service_day(service, tokens) for service, tokens in sorted(by_service.items())]


def _service_day(service: str, tokens: list[Token]) -> ServiceDay:
    waits = [token.called_at - token.taken_at for token in tokens if token.called_at]
    states = [token.state for token in tokens]
    return ServiceDay(
        service,
        len(tokens),
        states.count(Token.State.SERVED),
        states.count(Token.State.WAITING),
        states.count(Token.State.ASIDE),
        states.count(Token.State.GIVEN_BACK) + states.count(Token.State.UNSERVED),
        quantile(waits, 0.5),
        quantile(waits, 0.9),
        max(waits, default=None),
    )


@dataclass(frozen=True, slots=True)
class OutOfOrder:
    """Somebody was called while another had come before, was known of, and could have been called
    there.
    """

    called: str
    before: str
    at: datetime


@dataclass(slots=True)
class _Waits:
    code: str
    taken_at: datetime
    service: str
    only_counter: str = ""

    def could_be_called_at(self, counter: str, services: list[str]) -> bool:
        return self.only_counter == counter if self.only_counter else self.service in services


@dataclass(slots=True)
class _Line:
    waiting: dict[int, _Waits] = field(default_factory=dict)
    known: dict[int, _Waits] = field(default_factory=dict)


def out_of_order(day: SiteDay) -> list[OutOfOrder]:
    """Returns every call that passed somebody by, from the steps in the order they were written:
    none, if all is well.

    Calls of the set aside are the operator's choice and are not calls in turn.
    """
    steps = TokenStep.objects.filter(token__day=day).select_related("token").order_by("pk")
    return list(_walk(steps.iterator()))


def _walk(steps: Iterator[TokenStep]) -> Iterator[OutOfOrder]:
    line = _Line()
    for step in steps:
        if step.kind == "called":
            yield from _passed_by(step, line.waiting)
        _move(step, line)


def _passed_by(step: TokenStep, waiting: Mapping[int, _Waits]) -> Iterator[OutOfOrder]:
    theirs = (step.token.taken_at, step.token_id)
    for number, other in waiting.items():
        earlier = (other.taken_at, number) < theirs
        if earlier and other.could_be_called_at(step.counter, list(step.data["services"])):
            yield OutOfOrder(step.token.code, other.code, step.at)


def _move(step: TokenStep, line: _Line) -> None:
    number, token = step.token_id, step.token
    if step.kind in WAITS_FROM | {"too late"}:
        # Who came too late may still be called, and passed on.
        line.known[number] = _Waits(token.code, token.taken_at, str(step.data["service"]))
    if step.kind in WAITS_FROM:
        line.waiting[number] = line.known[number]
    elif step.kind in WAITS_AGAIN:
        again = line.known[number]
        again.service = str(step.data.get("service", again.service))
        again.only_counter = str(step.data.get("to", ""))
        line.waiting[number] = again
    elif step.kind in LEAVES:
        line.waiting.pop(number, None)
