"""A data set of N tickets, every one lived through by the engine in virtual time and written by
COPY.

    python -m bench.dataset --tickets 100000

fills the database the environment names (DESKBOOK_DATA or DATABASE_URL), which must hold no desk
yet. The time before now is cut into slices of some hundred cases; a process per core lives one
slice after the other with the production engine and copies it in. Up to `--lives` cases are lived
one by one; of more, each life is cast again for other requesters of the same plan and zone
(bench.casts).
A desk with a million tickets is not ten times as busy as one with a hundred thousand but ten times
as old, so that as many of its cases are open.
"""

import argparse
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from random import Random

from bench import casts

A_DAY = 600  # cases: so many that some seven of a hundred thousand's hundred are still open
LEAST_DAYS = 165
LIVES = 10_000
AGENTS = 40
SLICE = 400
PLANS = ("standard", "standard", "diamond", "basic")
ZONES = ("", "", "America/Vancouver", "America/Halifax")
BOOK = "sparkrock"
_FILLED = [
    f"deskbook_{table}" for table in ("ticket", "logentry", "message", "participant", "attachment")
]
_there = {}  # what a worker process sets up once: its desk and its scene


@dataclass(frozen=True)
class Size:
    """How large a desk is made: how many of its tickets are lived, how often each life is cast."""

    tickets: int
    casts: int

    @classmethod
    def of(cls, tickets, lives):
        return cls(tickets, max(1, round(tickets / lives)))

    @property
    def lived(self):
        return self.tickets / self.casts

    @property
    def days(self):
        return max(LEAST_DAYS, self.tickets // A_DAY)

    @property
    def organisations(self):
        return max(10, self.tickets // 400) * casts.ALIKE

    @property
    def customers(self):
        return self.organisations * 5


@contextmanager
def database():
    """Yield with the database up and Django loaded, as the owner of the tables: they are made
    here.
    """
    from deskbook.config.environment import read
    from deskbook.server.database import available

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
    with available(read(), as_owner=True) as url:
        import django

        django.setup()
        yield url


@contextmanager
def data_set():
    """Yield what `database` does where it holds a data set of this module, brought up to this
    version. Anything else is refused: measuring writes.
    """
    from deskbook.server.migration import migrate_alone

    with database() as url:
        if not is_ours():
            sys.exit("This database holds no data set of bench.dataset.")
        migrate_alone()
        yield url


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--lives", type=int, default=LIVES)
    arguments = parser.parse_args()
    with database():
        if make(Size.of(arguments.tickets, arguments.lives), arguments.processes):
            return
        if not is_ours():
            sys.exit("This database holds a desk already; give DESKBOOK_DATA an empty folder.")
        sys.stderr.write("The data set is there already.\n")


def is_ours():
    """Return whether the database holds a data set of this module: nothing else is ever measured,
    as that writes.
    """
    from deskbook.people.models import User

    return User.objects.filter(email="agent0@bench.example").exists()


def make(size, processes):
    """Fill the database; return whether it was empty."""
    from django.db import connection

    from deskbook.people.models import HelpDesk
    from deskbook.server.migration import migrate_alone
    from deskbook.tickets.queues import fold_counts

    migrate_alone()
    if HelpDesk.objects.exists():
        return False
    now = datetime.now(UTC)
    people(now, size)
    with connection.cursor() as cursor:
        again = _taken_down(cursor)
    _live(now, size, processes)
    fold_counts()
    with connection.cursor() as cursor:
        cursor.execute("set maintenance_work_mem = '512MB'")
        for statement in again:
            cursor.execute(statement)
        cursor.execute("vacuum analyze")
    _describe()
    return True


def _live(now, size, processes):
    from django.db import connection

    began, done, slices = time.monotonic(), 0, _slices(now, size)
    connection.close()  # its workers open their own
    with get_context("spawn").Pool(processes, _begin) as pool:
        for count in pool.imap_unordered(
            fill, [(number, *part, now, size.casts) for number, part in enumerate(slices)]
        ):
            done += count
            rate = done / (time.monotonic() - began)
            sys.stderr.write(f"\r{done:>9,} tickets, {rate:,.0f} a second ")
            sys.stderr.flush()
    sys.stderr.write("\n")


def _taken_down(cursor):
    """Drop what would be kept up row by row; return the statements that make it again."""
    cursor.execute(
        """
        select format('alter table %%s drop constraint %%I', c.conrelid::regclass, c.conname),
               format('alter table %%s add constraint %%I %%s', c.conrelid::regclass, c.conname,
                      pg_get_constraintdef(c.oid))
        from pg_constraint c where c.contype = 'u' and c.conrelid = any(%s::text[]::regclass[])
        union all
        select format('drop index %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
        from pg_index i where i.indrelid = any(%s::text[]::regclass[])
            and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
        """,
        [_FILLED, _FILLED],
    )
    found = cursor.fetchall()
    for down, _ in found:
        cursor.execute(down)
    return [again for _, again in found]


def _slices(now, size):
    """Return (from, until, cases a day), so many that a slice holds some hundred cases."""
    from deskbook.lives.arrivals import arrivals

    desk = _desk()
    since = now - timedelta(days=size.days)
    at_hundred = sum(1 for _ in arrivals(desk, Random(0), since, now, 100.0))
    per_day = 100.0 * size.lived / at_hundred / 1.015  # cases opened twice come on top
    step = timedelta(days=size.days) / max(1, round(size.lived / SLICE))
    edges = [since + step * n for n in range(round(timedelta(days=size.days) / step) + 1)]
    return [(a, b, per_day) for a, b in pairwise(edges)]


def _desk():
    from deskbook.people.books import desk_in_force
    from deskbook.people.models import HelpDesk

    return desk_in_force(HelpDesk.objects.get(key=BOOK))


def people(now, size):
    """Make the desk, its agents and everybody who may write to it."""
    from deskbook.book.shelf import book_text
    from deskbook.people.books import apply_book
    from deskbook.people.copying import copy_rows, give_ids
    from deskbook.people.models import Agent, Contact, ContactIdentity, Organisation, User

    helpdesk = apply_book(BOOK, book_text(BOOK), at=now - timedelta(days=size.days + 1), by=None)
    teams = list(_desk().teams)
    users = [
        User(email=f"agent{n}@bench.example", name=f"Agent {n}", password="!")
        for n in range(AGENTS)
    ]
    Agent.objects.bulk_create(
        Agent(user=user, desk=helpdesk, role="agent", teams=["support", teams[n % len(teams)]])
        for n, user in enumerate(User.objects.bulk_create(users))
    )
    organisations = [
        Organisation(
            desk=helpdesk,
            name=f"Customer {n:04}",
            plan=PLANS[n % len(PLANS)],
            zone=ZONES[(n // 4) % len(ZONES)],
            domains=[f"customer{n}.example"],
        )
        for n in range(size.organisations)
    ]
    contacts = [
        Contact(desk=helpdesk, name=f"Person {n}", created_at=now) for n in range(size.customers)
    ]
    ways = [
        ContactIdentity(
            desk=helpdesk,
            channel="email",
            identifier=f"person{n}@customer{n % size.organisations}.example",
        )
        for n in range(size.customers)
    ]
    for rows in (organisations, contacts, ways):
        give_ids(rows)
    for n, (contact, way) in enumerate(zip(contacts, ways, strict=True)):
        contact.organisation_id = organisations[n % size.organisations].pk
        way.contact_id = contact.pk
    for rows in (organisations, contacts, ways):
        copy_rows(rows)


def _begin():
    """Set a worker process up."""
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        # A crash means making the set again, and what is copied is whole.
        cursor.execute("set synchronous_commit = off")
        cursor.execute("set session_replication_role = replica")
    meet()


def meet():
    """Set up who takes part in the lives: people by their tokens."""
    from deskbook.demo.desk_files import phrases_of
    from deskbook.lives.course import Scene
    from deskbook.lives.population import Population, Requester, Worker
    from deskbook.people.models import Agent, Contact, HelpDesk

    _there["helpdesk"] = HelpDesk.objects.get(key=BOOK)
    columns = ("pk", "organisation_id", "organisation__plan", "organisation__zone")
    people = list(Contact.objects.order_by("pk").values_list(*columns))
    _there["people"] = [(pk, organisation) for pk, organisation, _, _ in people]
    requesters = tuple(
        Requester(str(casts.REQUESTER + place), str(casts.ORGANISATION + place), plan, zone or None)
        for place, (_, _, plan, zone) in enumerate(people)
    )
    workers = tuple(
        Worker(str(agent.pk), tuple(agent.teams)) for agent in Agent.objects.order_by("pk")
    )
    # Words that stand in few tickets, as names and numbers do: a search for one of them is the rare
    # case.
    slots = {
        **phrases_of("sparkrock").slots,
        "department": tuple(f"department K{n}" for n in range(4000)),
        "n": tuple(str(n) for n in range(2, 4000)),
    }
    _there["scene"] = Scene(
        _desk(), Population(requesters, workers), replace(phrases_of("sparkrock"), slots=slots)
    )


def fill(job):
    """Live one slice and copy each cast of it in; return how many tickets that were."""
    from django.db import connection, transaction

    from deskbook.lives.life import Period, lives
    from deskbook.tickets.arriving import count_in_queues

    number, from_at, until_at, per_day, now, times = job
    lived = list(lives(_there["scene"], Period(from_at, until_at, per_day, now), seed=number))
    if not lived:
        return 0
    landed = casts.land(_there["helpdesk"], lived)
    with transaction.atomic(), connection.cursor() as cursor:
        play = casts.played(cursor, landed)
        for ids in _ids(landed, times, Random(number)):
            casts.write(cursor, play, ids)
        count_in_queues(_there["helpdesk"], [life.ticket for life in landed] * times)
    return len(landed) * times


def _ids(landed, times, rng):
    """Yield for each cast what stands for which token: numbers and ids rise as the cases came."""
    from deskbook.people.copying import take_ids, take_ids_of
    from deskbook.tickets.models import Attachment, Message, Ticket

    n, people = len(landed), _there["people"]
    texts, files = (
        sum(len(getattr(one, name)) for one in landed) for name in ("messages", "files")
    )
    taken = [
        (casts.NUMBER, take_ids(f"deskbook_numbers_{_there['helpdesk'].pk}", n * times)),
        (casts.TICKET, take_ids_of(Ticket, n * times)),
        (casts.MESSAGE, take_ids_of(Message, texts * times)),
        (casts.FILE, take_ids_of(Attachment, files * times)),
    ]
    for cast in range(times):
        turned = casts.ALIKE * rng.randrange(len(people) // casts.ALIKE)
        ids = _People(people[turned:] + people[:turned])
        for first, every in taken:
            ids |= {str(first + n): str(one) for n, one in enumerate(every[cast::times])}
        yield ids


class _People(dict):
    """What stands for the tokens of requesters, looked up as they are met."""

    def __init__(self, people):
        self.people = people

    def __missing__(self, token):
        organisation, place = divmod(
            int(token) - casts.REQUESTER, casts.ORGANISATION - casts.REQUESTER
        )
        self[token] = str(self.people[place][organisation])
        return self[token]


def _describe():
    from deskbook.tickets.models import LogEntry, Message, Ticket

    tickets, open_ones = Ticket.objects.count(), Ticket.objects.filter(is_open=True).count()
    messages, entries = Message.objects.count(), LogEntry.objects.count()
    said = f"{messages:,} messages ({messages / tickets - 1:.1f} after the first on each)"
    sys.stdout.write(
        f"{tickets:,} tickets, {open_ones / tickets:.1%} open, {said}, {entries:,} log entries\n"
    )


if __name__ == "__main__":
    main()
