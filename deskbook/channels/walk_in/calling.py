"""What a counter does with tokens: next, recall, set aside, take after all, pass on, served."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from deskbook.channels.walk_in.models import CounterSeat, SiteDay, Token
from deskbook.channels.walk_in.sites import WalkInSite, site_of
from deskbook.channels.walk_in.steps import (
    TokenRefused,
    begun_day,
    finish,
    lock_day,
    lock_day_of,
    moment,
    tell,
    write_step,
)
from deskbook.channels.walk_in.taking import Visitor, take_token
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket

MOST_CALLS = 3
"""Called, and recalled twice."""
A_MOMENT = timedelta(seconds=10)
"""Nobody crosses a room faster: until then they are not called again, nor set aside."""


@transaction.atomic
def sit_down(
    site: WalkInSite,
    counter: str,
    services: list[str],
    *,
    at: datetime,
    by: Agent,
    instead: bool = False,
) -> CounterSeat:
    """Opens a counter and returns the seat; `instead` takes over one that somebody else has open.

    Raises TokenRefused: "counter", "services", "occupied".
    """
    chosen = [key for key in site.services if key in services]
    if counter not in site.site.counters:
        raise TokenRefused("counter")
    if not chosen:
        raise TokenRefused("services")
    day = lock_day(site, at=at)
    there = _open_seats(day).filter(counter=counter)
    seat = there.select_related("agent__user").first()
    if seat and seat.agent_id != by.pk and not instead:
        raise TokenRefused("occupied", counter=counter, who=str(seat.agent), since_at=seat.from_at)
    if seat and seat.agent_id == by.pk:
        seat.services = chosen
        seat.save(update_fields=["services"])
    else:
        there.update(until_at=at)
        seat = CounterSeat.objects.create(
            day=day, counter=counter, agent=by, services=chosen, from_at=at
        )
    tell(day.pk)
    return seat


@transaction.atomic
def stand_up(site: WalkInSite, seat: CounterSeat, *, at: datetime) -> None:
    """Closes a counter; who was passed on to it may be called by others. Raises TokenRefused:
    "busy", "stood up".
    """
    day = _entered(seat)
    current = visitor_at(seat)
    if current:
        raise TokenRefused("busy", code=current.code)
    for token in Token.objects.filter(
        day=day, state=Token.State.WAITING, only_counter=seat.counter
    ):
        token.only_counter = ""
        token.save(update_fields=["only_counter"])
        write_step(token, "released", at=moment(day, at), counter=seat.counter)
    seat.until_at = at
    seat.save(update_fields=["until_at"])
    tell(day.pk)


def visitor_at(seat: CounterSeat) -> Token | None:
    """Returns the token that is with a counter now."""
    called = Token.objects.filter(day=seat.day_id, counter=seat.counter, state=Token.State.CALLED)
    return called.select_related("day", "contact", "ticket__desk").first()


def in_order(seat: CounterSeat) -> QuerySet[Token]:
    """Returns who waits for what the counter calls people for, first come first."""
    theirs = Q(only_counter="", service__in=calls_for(seat)) | Q(only_counter=seat.counter)
    return _waiting(seat).filter(theirs).order_by("taken_at", "pk")


def calls_for(seat: CounterSeat) -> list[str]:
    """Returns the services a counter calls people for: those it chose, and those people wait for
    that the book no longer offers there, which no counter can choose any more.
    """
    site = site_of(seat.day.desk, seat.day.site)
    offered = site.services if site else {}
    left_out = _waiting(seat).exclude(service__in=offered).order_by("service")
    return [*seat.services, *left_out.values_list("service", flat=True).distinct()]


def _waiting(seat: CounterSeat) -> QuerySet[Token]:
    return Token.objects.filter(day=seat.day_id, state=Token.State.WAITING)


@transaction.atomic
def call_next(seat: CounterSeat, *, at: datetime, by: Agent) -> Token | None:
    """Calls who came first for one of the counter's services and returns their token; None when
    nobody waits.

    A counter with somebody at it gets that token again: a second press calls nobody past them.
    """
    day = _entered(seat)
    current = visitor_at(seat)
    if current:
        return current
    token = in_order(seat).first()
    return _call(token, seat, day, at, by, "called") if token else None


@transaction.atomic
def recall(token: Token, seat: CounterSeat, *, at: datetime, by: Agent) -> Token:
    """Calls somebody who did not come once more. Raises TokenRefused: "elsewhere", "often enough",
    "a moment".
    """
    day = _with_counter(token, seat)
    _not_at_once(token, at)
    if token.calls >= MOST_CALLS:
        raise TokenRefused("often enough", code=token.code)
    token.calls += 1
    token.last_called_at = moment(day, at)
    token.save(update_fields=["calls", "last_called_at"])
    write_step(token, "recalled", at=token.last_called_at, counter=seat.counter, by=by)
    return token


@transaction.atomic
def set_aside(token: Token, seat: CounterSeat, *, at: datetime, by: Agent) -> Token:
    """Sets somebody aside who was called three times. Raises TokenRefused: "elsewhere", "recall
    first", "a moment".
    """
    day = _with_counter(token, seat)
    if token.calls < MOST_CALLS:
        raise TokenRefused("recall first", code=token.code, more=MOST_CALLS - token.calls)
    _not_at_once(token, at)
    token.state, token.counter = Token.State.ASIDE, ""
    token.save(update_fields=["state", "counter"])
    write_step(token, "set aside", at=moment(day, at), counter=seat.counter, by=by)
    return token


@transaction.atomic
def call_from_aside(token: Token, seat: CounterSeat, *, at: datetime, by: Agent) -> Token:
    """Calls somebody who was set aside and has come back: the operator's own choice, written down
    as such.

    Raises TokenRefused: "busy", "not aside".
    """
    day = _entered(seat)
    token.refresh_from_db()
    current = visitor_at(seat)
    if current and current.pk != token.pk:
        raise TokenRefused("busy", code=current.code)
    if token.day_id != seat.day_id or token.state != Token.State.ASIDE:
        raise TokenRefused("not aside", code=token.code)
    return _call(token, seat, day, at, by, "taken after all")


@transaction.atomic
def pass_to_service(
    token: Token, seat: CounterSeat, service: str, *, at: datetime, by: Agent
) -> Token:
    """Sends a visitor on to another queue of the site, at the place that the time they came gives
    them there.

    Raises TokenRefused: "elsewhere", "service".
    """
    day = _with_counter(token, seat)
    if service == token.service:
        raise TokenRefused("service")
    before = token.service
    return _waits_again(token, day, seat, at, by, "passed on", service=service, was=before)


@transaction.atomic
def pass_to_counter(
    token: Token, seat: CounterSeat, counter: str, *, at: datetime, by: Agent
) -> Token:
    """Sends a visitor on to one open counter, which calls them by the time they came, whatever else
    it serves.

    Raises TokenRefused: "elsewhere", "not open".
    """
    day = _with_counter(token, seat)
    if counter == seat.counter or not _open_seats(day).filter(counter=counter).exists():
        raise TokenRefused("not open", counter=counter)
    token.only_counter = counter
    return _waits_again(token, day, seat, at, by, "passed on", to=counter)


@transaction.atomic
def pass_to_site(
    token: Token, seat: CounterSeat, site: WalkInSite, service: str, *, at: datetime, by: Agent
) -> Token:
    """Sends a visitor on to another site and returns the token they have there, at the end of its
    queue.

    They have to travel: who came there before they do is served before. Raises TokenRefused:
    "elsewhere", "closed", "service".
    """
    _both_days(token, site, at)
    day = _with_counter(token, seat)
    visitor = Visitor(token.language, token.device, "", token.phone, token.pen, token.contact)
    there = take_token(
        site, service, at=at, key=f"{token.key[:56]}.{site.slug}"[:64], visitor=visitor
    )
    there.follows = token
    there.save(update_fields=["follows"])
    done_at = finish(token, Token.State.MOVED, at=moment(day, at))
    write_step(
        token, "moved", at=done_at, counter=seat.counter, by=by, site=site.site.key, code=there.code
    )
    return there


@transaction.atomic
def remember_ticket(token: Token, ticket: Ticket, *, at: datetime, by: Agent) -> None:
    """Notes which ticket a visit became."""
    day = lock_day_of(token)
    if token.ticket_id != ticket.pk:
        token.ticket = ticket
        token.save(update_fields=["ticket"])
        write_step(
            token, "ticket", at=moment(day, at), counter=token.counter, by=by, ticket=str(ticket)
        )


@transaction.atomic
def served(token: Token, seat: CounterSeat, *, at: datetime, by: Agent) -> Token:
    """Ends a visit. Raises TokenRefused: "elsewhere", "no ticket"."""
    day = _with_counter(token, seat)
    if token.ticket_id is None:
        raise TokenRefused("no ticket", code=token.code)
    done_at = finish(token, Token.State.SERVED, at=moment(day, at))
    write_step(token, "served", at=done_at, counter=seat.counter, by=by)
    return token


def _call(
    token: Token, seat: CounterSeat, day: SiteDay, at: datetime, by: Agent, kind: str
) -> Token:
    called_at, services = moment(day, at), calls_for(seat)
    token.state, token.counter, token.calls = Token.State.CALLED, seat.counter, 1
    token.called_at, token.last_called_at = token.called_at or called_at, called_at
    token.save(update_fields=["state", "counter", "calls", "called_at", "last_called_at"])
    write_step(
        token,
        kind,
        at=called_at,
        counter=seat.counter,
        by=by,
        service=token.service,
        services=services,
    )
    return token


def _waits_again(
    token: Token, day: SiteDay, seat: CounterSeat, at: datetime, by: Agent, kind: str, **data: str
) -> Token:
    token.service = data.get("service", token.service)
    if "to" not in data:
        token.only_counter = ""
    token.state, token.counter, token.calls = Token.State.WAITING, "", 0
    token.save(update_fields=["service", "only_counter", "state", "counter", "calls"])
    write_step(token, kind, at=moment(day, at), counter=seat.counter, by=by, **data)
    return token


def _entered(seat: CounterSeat) -> SiteDay:
    """Returns the counter's day, locked. Raises TokenRefused: "stood up"."""
    agent = seat.agent
    day = lock_day_of(seat)
    seat.agent = agent
    if seat.until_at:
        raise TokenRefused("stood up", counter=seat.counter)
    return day


def _both_days(token: Token, site: WalkInSite, at: datetime) -> None:
    """Locks them by their ids, so that two counters who pass people to each other's sites do not
    wait for ever.
    """
    other = begun_day(site, at=at)
    list(
        SiteDay.objects.select_for_update(no_key=True)
        .filter(pk__in=(token.day_id, other.pk))
        .order_by("pk")
    )


def _with_counter(token: Token, seat: CounterSeat) -> SiteDay:
    day = lock_day_of(token)
    seat.refresh_from_db(fields=["day"])
    if (
        token.state != Token.State.CALLED
        or token.counter != seat.counter
        or token.day_id != seat.day_id
    ):
        raise TokenRefused("elsewhere", code=token.code)
    return day


def _not_at_once(token: Token, at: datetime) -> None:
    if token.last_called_at and at - token.last_called_at < A_MOMENT:
        raise TokenRefused("a moment", code=token.code)


def _open_seats(day: SiteDay) -> QuerySet[CounterSeat]:
    return CounterSeat.objects.filter(day=day, until_at=None)
