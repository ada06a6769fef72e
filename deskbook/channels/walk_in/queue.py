"""What screens show of a site's queue: who was called last, who waits, how long it will take."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet

from deskbook.channels.walk_in.models import CounterSeat, SiteDay, Token
from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.channels.walk_in.steps import present_day
from deskbook.engine.waiting import FEWEST, NEWEST, Wait, expected_wait
from deskbook.people.prepared import Prepared

SHOWN_CALLS = 8
LOOKED_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Call:
    """A token as it was called."""

    code: str
    counter: str
    service: str
    at: datetime
    times: int
    now: bool
    """Its visitor is expected, or is at the counter."""


@dataclass(frozen=True)
class Queue:
    """A site's queue at one instant."""

    site: WalkInSite
    day: SiteDay | None
    at: datetime

    @property
    def received_again_at(self) -> datetime | None:
        """When the next token may be had: `at` itself while they are given."""
        return self.site.received_again(self.at, ended=self.ended)

    @property
    def ended(self) -> bool:
        """Whether somebody sent home who was still waiting."""
        return bool(self.day and self.day.ended_at and self.day.on == self.site.day(self.at))

    @cached_property
    def waiting(self) -> Mapping[str, int]:
        """Service → how many wait for it."""
        return _by_service(self._waiting())

    def first_waiting(self, most: int) -> list[Token]:
        """Returns those who wait, first come first, at most so many."""
        return list(self._waiting().order_by("taken_at", "pk")[:most])

    @cached_property
    def seats(self) -> list[CounterSeat]:
        """The open counters, as the book orders them."""
        places = {counter: n for n, counter in enumerate(self.site.site.counters)}
        found = _SEATS.ask(day=self.day.pk) if self.day else []
        return sorted(found, key=lambda seat: places.get(seat.counter, len(places)))

    @cached_property
    def left_out(self) -> list[str]:
        """Services people wait for that the book no longer offers here: each counter calls them."""
        return sorted(self.waiting.keys() - self.site.services.keys())

    @cached_property
    def calls(self) -> list[Call]:
        """The last calls, newest first."""
        called = (
            self._tokens()
            .exclude(last_called_at=None)
            .order_by("-last_called_at", "-pk")[:SHOWN_CALLS]
        )
        return [
            Call(
                token.code,
                token.counter or "",
                token.service,
                token.last_called_at,
                token.calls,
                token.state == Token.State.CALLED,
            )
            for token in called
            if token.last_called_at
        ]

    @cached_property
    def busy(self) -> set[str]:
        """Counters with somebody at them."""
        return set(
            self._tokens().filter(state=Token.State.CALLED).values_list("counter", flat=True)
        )

    @cached_property
    def last_called(self) -> Mapping[str, str]:
        """Service → the token that was called last for it."""
        return dict(_asked(_LAST_CALLED, {"day": self.day.pk})) if self.day else {}

    def place(self, token: Token) -> int:
        """Returns the place of a waiting token in the queue for its service: 1 is next."""
        return self._before(token).get(token.service, 0) + 1

    def wait_of(self, token: Token) -> Wait | None:
        """Returns how long a waiting token will still wait; None when nobody can say."""
        return self._wait(token.service, self._before(token))

    def wait_for(self, service: str) -> Wait | None:
        """Returns how long somebody waits who takes a token now; None when nobody can say.

        By visits for the service, or while these are few by all of the site.
        """
        return self._wait(service, self.waiting)

    def _before(self, token: Token) -> Mapping[str, int]:
        if self.day is None:
            return {}
        given = {"day": self.day.pk, "taken_at": token.taken_at, "token": token.pk}
        return self._asked_before.get(token.pk) or self._asked_before.setdefault(
            token.pk, dict(_asked(_BEFORE, given))
        )

    @cached_property
    def _asked_before(self) -> dict[int, Mapping[str, int]]:
        """Token → service → how many wait before it: its place and its wait are both told."""
        return {}

    def _wait(self, service: str, before: Mapping[str, int]) -> Wait | None:
        theirs = [seat for seat in self.seats if service in (*seat.services, *self.left_out)]
        called = {key for seat in theirs for key in (*seat.services, *self.left_out)}
        ahead = sum(before.get(key, 0) for key in called)
        free = sum(seat.counter not in self.busy for seat in theirs)
        own = self._took[service]
        took = (
            own if len(own) >= FEWEST else [span for spans in self._took.values() for span in spans]
        )
        return expected_wait(ahead, len(theirs), free, took)

    @cached_property
    def _took(self) -> Mapping[str, Sequence[timedelta]]:
        """Service → how long recent visits took, newest first."""
        given = {
            "desk": self.site.helpdesk.pk,
            "site": self.site.site.key,
            "since": self.at - LOOKED_BACK,
            "most": NEWEST * max(4, len(self.site.services)),
        }
        found: dict[str, list[timedelta]] = defaultdict(list)
        for service, took in _asked(_TOOK, given):
            found[service].append(took)
        return found

    def _waiting(self) -> QuerySet[Token]:
        return self._tokens().filter(state=Token.State.WAITING)

    def _tokens(self) -> QuerySet[Token]:
        return Token.objects.filter(day=self.day) if self.day else Token.objects.none()


def _by_service(tokens: QuerySet[Token]) -> Mapping[str, int]:
    return dict(tokens.order_by().values_list("service").annotate(Count("pk")))


def _asked(question: str, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(question, given)
        return list(cursor.fetchall())


_SEATS = Prepared(
    lambda day: CounterSeat.objects.filter(day=day, until_at=None).select_related("agent__user"),
    "day",
)
_LAST_CALLED = """
    select distinct on (service) service, code from deskbook_token
    where day_id = %(day)s and last_called_at is not null
    order by service, last_called_at desc, id desc
"""
_TOOK = """
    select token.service, token.done_at - token.last_called_at
    from deskbook_token token join deskbook_siteday day on day.id = token.day_id
    where day.desk_id = %(desk)s and day.site = %(site)s and token.state = 'served'
        and token.done_at > %(since)s and token.last_called_at is not null
    order by token.done_at desc limit %(most)s
"""
_BEFORE = """
    select service, count(*) from deskbook_token
    where day_id = %(day)s and state = 'waiting' and (taken_at, id) < (%(taken_at)s, %(token)s)
    group by service
"""


def queue_at(site: WalkInSite, *, at: datetime) -> Queue:
    """Returns the queue of the site's present day; a day on which nothing happened yet is an empty
    queue.
    """
    return Queue(site, present_day(site, at=at), at)
