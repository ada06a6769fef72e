"""A data set of N tickets, every one lived through by the engine in virtual time and written by
COPY.

    python -m bench.dataset --tickets 100000

fills the database the environment names (DESKBOOK_DATA or DATABASE_URL), which must hold no desk
yet. The last five months and a half are cut into slices of some hundred cases; a process per core
lives one slice after the other with the production engine and copies it in, so no life is reused
and nothing is drawn twice. `--lived-share 0.1` lives only that share and recasts each of those
lives for other requesters of the same plan and zone: faster, still exactly what the engine would
have decided for them.
"""

import argparse
import os
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from random import Random

DAYS = 165  # so long that some six per cent of the cases are still open
CUSTOMERS = 20_000
ORGANISATIONS = 4_000
AGENTS = 40
SLICE = 400
PLANS = ("standard", "standard", "diamond", "basic")
ZONES = ("", "", "America/Vancouver", "America/Halifax")
BOOK = "sparkrock"
_there = {}  # what a worker process sets up once: its desk and its scene


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


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--lived-share", type=float, default=1.0)
    arguments = parser.parse_args()
    with database():
        if make(arguments.tickets, arguments.processes, arguments.lived_share):
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


def make(tickets, processes, lived_share=1.0):
    """Fill the database; return whether it was empty."""
    from django.db import connection

    from deskbook.people.models import HelpDesk
    from deskbook.server.migration import migrate_alone

    migrate_alone()
    if HelpDesk.objects.exists():
        return False
    now, began = datetime.now(UTC), time.monotonic()
    _people(now)
    slices = _slices(now, tickets, lived_share)
    connection.close()  # its workers open their own
    copies = round(1 / lived_share)
    done = 0
    with get_context("spawn").Pool(processes, _begin) as pool:
        for count in pool.imap_unordered(
            _fill, [(number, *part, now, copies) for number, part in enumerate(slices)]
        ):
            done += count
            rate = done / (time.monotonic() - began)
            sys.stderr.write(f"\r{done:>9,} tickets, {rate:,.0f} a second ")
            sys.stderr.flush()
    sys.stderr.write("\n")
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    _describe()
    return True


def _slices(now, tickets, lived_share):
    """Return (from, until, cases a day), so many that a slice holds some hundred cases."""
    from deskbook.lives.arrivals import arrivals

    desk = _desk()
    since = now - timedelta(days=DAYS)
    at_hundred = sum(1 for _ in arrivals(desk, Random(0), since, now, 100.0))
    per_day = 100.0 * tickets * lived_share / at_hundred / 1.015  # cases opened twice come on top
    step = timedelta(days=DAYS) / max(1, round(tickets * lived_share / SLICE))
    edges = [since + step * n for n in range(round(timedelta(days=DAYS) / step) + 1)]
    return [(a, b, per_day) for a, b in pairwise(edges)]


def _desk():
    from deskbook.people.books import desk_in_force
    from deskbook.people.models import HelpDesk

    return desk_in_force(HelpDesk.objects.get(key=BOOK))


def _people(now):
    from deskbook.demo.month import book_text
    from deskbook.people.books import apply_book
    from deskbook.people.models import Agent, Contact, ContactIdentity, Organisation, User

    helpdesk = apply_book(BOOK, book_text(BOOK), at=now - timedelta(days=DAYS + 1), by=None)
    teams = list(_desk().teams)
    users = [
        User(email=f"agent{n}@bench.example", name=f"Agent {n}", password="!")
        for n in range(AGENTS)
    ]
    Agent.objects.bulk_create(
        Agent(user=user, desk=helpdesk, role="agent", teams=["support", teams[n % len(teams)]])
        for n, user in enumerate(User.objects.bulk_create(users))
    )
    organisations = Organisation.objects.bulk_create(
        Organisation(
            desk=helpdesk,
            name=f"Customer {n:04}",
            plan=PLANS[n % len(PLANS)],
            zone=ZONES[(n // 4) % len(ZONES)],
            domains=[f"customer{n}.example"],
        )
        for n in range(ORGANISATIONS)
    )
    contacts = Contact.objects.bulk_create(
        (
            Contact(
                desk=helpdesk, organisation=organisations[n % ORGANISATIONS], name=f"Person {n}"
            )
            for n in range(CUSTOMERS)
        ),
        batch_size=5_000,
    )
    ContactIdentity.objects.bulk_create(
        (
            ContactIdentity(
                contact=c,
                desk=helpdesk,
                channel="email",
                identifier=f"person{n}@customer{n % ORGANISATIONS}.example",
            )
            for n, c in enumerate(contacts)
        ),
        batch_size=5_000,
    )


def _begin():
    """Set a worker process up: its database connection, and who takes part."""
    import django

    django.setup()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = off")  # a crash means making the set again
    from deskbook.demo.desk_files import phrases_of
    from deskbook.lives.course import Scene
    from deskbook.lives.population import Population, Requester, Worker
    from deskbook.people.models import Agent, Contact, HelpDesk

    _there["helpdesk"] = HelpDesk.objects.get(key=BOOK)
    columns = ("pk", "organisation_id", "organisation__plan", "organisation__zone")
    requesters = tuple(
        Requester(str(pk), str(organisation), plan, zone or None)
        for pk, organisation, plan, zone in Contact.objects.order_by("pk").values_list(*columns)
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


def _fill(job):
    """Live one slice and copy it in; return how many tickets that were."""
    from deskbook.demo.loading import load_lives
    from deskbook.lives.life import Period, lives

    number, from_at, until_at, per_day, now, copies = job
    lived = list(lives(_there["scene"], Period(from_at, until_at, per_day, now), seed=number))
    rng = Random(number)
    count = 0
    for copy in range(copies):
        cast = lived if copy == 0 else _recast(lived, rng)
        count += len(load_lives(_there["helpdesk"], cast)) if cast else 0
    return count


def _recast(lived, rng):
    from deskbook.lives.life import recast

    return [recast(life, _alike(life.requester, rng)) for life in lived]


def _alike(requester, rng):
    while True:
        other = rng.choice(_there["scene"].population.requesters)
        if (other.plan, other.zone) == (requester.plan, requester.zone):
            return other


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
