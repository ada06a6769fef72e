"""Lives thirty days of the demo's desk by its own verbs and jobs, with a mail server that fails, is
slow and refuses.

    python -m bench.states [--days 30] [--per-day 17] [--seed 2] [--desk sparkrock]

What happens is drawn as for the demo (simulation/life.py); who wrote, answered and moved what is
done again by the verbs a person's click would call, and every job that follows is done at its time,
by a clock that is moved. At the end what each ticket's timeline says of each message is compared
with what the mail server saw (bench/states_count.py): once the last day is over, and the desk has
done what it was still at. Everything stays on 127.0.0.1, in a database of its own.
"""

import argparse
import heapq
import logging
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from bench.dataset import database
from bench.kills_sink import PASSWORD, USER

BEGINS_AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
"""A Monday."""
MOST_ATTEMPTS = 12


@dataclass(frozen=True)
class Run:
    """How much is lived."""

    desk: str = "sparkrock"
    days: float = 30.0
    per_day: float = 17.0
    seed: int = 2
    slow_s: tuple[float, float] = (0.2, 0.5)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--days", type=float, default=30.0)
    parser.add_argument("--per-day", type=float, default=17.0)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--desk", default="sparkrock")
    chosen = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    with tempfile.TemporaryDirectory(prefix="deskbook-bench-") as folder:
        os.environ |= {"DESKBOOK_DATA": folder}
        with database():
            from deskbook.server.migration import migrate_alone

            migrate_alone()
            found = live(Run(chosen.desk, chosen.days, chosen.per_day, chosen.seed))
    sys.stdout.write(f"{found}\n")
    sys.exit(1 if found.wrong else 0)


def live(run):
    """Live through the days and return what was found; needs an empty database."""
    import time_machine
    from django.test.utils import override_settings

    from bench.states_count import counted
    from bench.states_people import Desk
    from bench.states_sink import FaultySink

    for talkative in ("mail.log", "deskbook.jobs.letters"):
        logging.getLogger(talkative).setLevel(logging.CRITICAL)
    sink, began = FaultySink(run.seed, run.slow_s, BEGINS_AT), time.monotonic()
    server = sink.server(port := _free_port())
    server.start()
    way_out = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": USER,
        "EMAIL_HOST_PASSWORD": PASSWORD,
    }
    try:
        with override_settings(**way_out), time_machine.travel(BEGINS_AT, tick=False) as clock:
            _forget_jobs()
            desk = Desk(run, BEGINS_AT)
            days = Days(desk, sink, clock, until_at=BEGINS_AT + timedelta(days=run.days))
            days.live()
            days.rest()
            return counted(desk, sink, days.problems, f"{time.monotonic() - began:.0f} s")
    finally:
        server.stop()


def _forget_jobs():
    """What a test before this one left in the queue is about rows that are gone."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where status = 'todo'")


def _free_port():
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Days:
    """The acts of people, the jobs that follow and the tickets that wake, each at its time."""

    def __init__(self, desk, sink, clock, *, until_at):
        self.desk, self.sink, self.clock, self.until_at = desk, sink, clock, until_at
        self.order, self.waiting, self.posted = count(), [], set()
        self.problems = []
        """Jobs that were given up."""
        for at, act in desk.acts:
            if at <= until_at:
                self._push(at, act)

    def live(self):
        """Do what people do until the last day is over, and what follows by then."""
        while (at := self._next_at()) <= self.until_at:
            self._go_on_to(at)
            self._wake()
            self._do_what_is_due()

    def rest(self):
        """Do what is still to be done, with nobody there and no case waking, until all has left or
        was given up.
        """
        while self.waiting:
            self._go_on_to(self.waiting[0][0])
            self._do_what_is_due()

    def _go_on_to(self, at):
        self.clock.move_to(max(at, datetime.now(UTC)))
        self.sink.set_mood(datetime.now(UTC))

    def _do_what_is_due(self):
        while self.waiting and self.waiting[0][0] <= datetime.now(UTC):
            heapq.heappop(self.waiting)[2]()
            self._take_jobs()
        self._take_jobs()
        self._take_back()

    def _next_at(self):
        from deskbook.tickets.models import Ticket

        wakes = (
            Ticket.objects.exclude(wake_at=None)
            .order_by("wake_at")
            .values_list("wake_at", flat=True)[:1]
        )
        soonest = [*wakes, *(at for at, _n, _act in self.waiting[:1])]
        return min(soonest, default=datetime.max.replace(tzinfo=UTC))

    def _wake(self):
        from deskbook.jobs.schedule import wake_due_tickets

        wake_due_tickets(at=datetime.now(UTC))
        self._take_jobs()

    def _push(self, at, act):
        heapq.heappush(self.waiting, (at, next(self.order), act))

    def _take_jobs(self):
        """What was queued is done by this process, at its time."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "delete from procrastinate_jobs where status = 'todo' returning task_name,"
                " args::text, scheduled_at"
            )
            for name, arguments, at in sorted(cursor.fetchall(), key=lambda job: job[:2]):
                self._push(at or datetime.now(UTC), Job(self, name, arguments))

    def _take_back(self):
        """Reports on what the server took and could not deliver come in when it has found out."""
        for mail_id in self.sink.returned.keys() - self.posted:
            self.posted.add(mail_id)
            bounce_address, at, recipient = self.sink.returned[mail_id]
            self._push(at, lambda args=(bounce_address, recipient): self.desk.take_in_report(*args))


class Job:
    """One job, tried again as the worker tries it."""

    def __init__(self, days, name, arguments, attempts=0):
        self.days, self.name, self.arguments, self.attempts = days, name, arguments, attempts

    def __call__(self):
        import json

        from deskbook.tasks import JOBS

        try:
            JOBS[self.name].run(**json.loads(self.arguments))
        except Exception as failure:
            self._again(failure)

    def _again(self, failure):
        at = getattr(failure, "at", None)
        if at is None and self.attempts >= MOST_ATTEMPTS:
            self.days.problems.append(f"{self.name} {self.arguments}: {failure!r}")
            return
        again = Job(self.days, self.name, self.arguments, self.attempts + 1)
        self.days._push(
            at or datetime.now(UTC) + timedelta(seconds=2 ** min(self.attempts + 1, 11)), again
        )


if __name__ == "__main__":
    main()
