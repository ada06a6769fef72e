"""Measures a running desk over HTTP on the data set of bench.dataset, in turns with the same acts
in plain SQL and, if wanted, at django-helpdesk.

    DESKBOOK_DATA=… python -m bench.load [--beside-peer] [--web-processes 4] [--out docs/run.md]

Starts `deskbook web` (as it is served) on a free port of 127.0.0.1, signs an agent in by a session
of its own making, and for each act measures one client and sixteen: requests bounded in number and
time. One round of each side follows the other, so that what else the machine does weighs on all.
Then mail: SMTP to `deskbook mail`, understood by `deskbook worker`, until the last mail is a
ticket. Writes to the database it measures.
"""

import argparse
import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench import mails, pages, plain_sql
from bench.dataset import data_set
from bench.django_helpdesk import acts
from bench.peers import Peer
from bench.running import memory, part
from bench.timing import Bounds, Timed, alone, sixteen

COMMON = ("report", "payroll", "export", "import", "approver", "certificate")
ROUNDS = 3


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--beside-peer", action="store_true")
    parser.add_argument("--web-processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--requests", type=int, default=100)
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    busy = os.getloadavg()[0]
    with data_set() as url:
        given = samples(url)
        lines = [
            (
                f"{arguments.web_processes} web process(es). {given['size']} Load average at the"
                f" start: {busy:.1f}."
            ),
            "",
            *measured(given, arguments),
        ]
        sys.stdout.write("\n".join([*lines, ""]))
        if arguments.mails:
            lines += ["", mails.measured(arguments.mails, arguments.workers, given)]
            sys.stdout.write(f"\n{lines[-1]}\n")
    if arguments.out:
        arguments.out.write_text("\n".join([*lines, ""]))


@dataclass(frozen=True)
class Side:
    """Whom the acts are asked of: what each is there, and what it wants to know."""

    name: str
    acts: dict[str, Any]
    given: dict[str, Any]


def measured(given, arguments):
    """Return the table of all acts, and the memory of those that answered."""
    processes = {"DESKBOOK_WEB_PROCESSES": str(arguments.web_processes)}
    with ExitStack() as running:
        ours = Side("Deskbook", pages.ACTS, given | {"cookie": signed_in()})
        sides = [ours, Side("plain SQL", plain_sql.ACTS, given)]
        if arguments.beside_peer:
            peer = Peer(Path(os.environ["DESKBOOK_DATA"]) / "peers", given["database"])
            theirs = running.enter_context(peer.running())
            sides.append(Side("django-helpdesk", acts.ACTS, given | theirs))
        ours.given["address"], process = running.enter_context(part("web", processes))
        pids = {"Deskbook": process.pid}
        if arguments.beside_peer:
            pids["django-helpdesk"] = theirs["process"]
        first = {name: memory(pid) for name, pid in pids.items()}
        lines = table(sides, Bounds(arguments.requests, arguments.seconds))
        weights = [
            f"{name} {first[name]:.0f} MB at first, {memory(pid):.0f} MB now"
            for name, pid in pids.items()
        ]
    return [*lines, "", f"Memory of the web server (PSS): {'; '.join(weights)}."]


def table(sides, bounds):
    """Measure every act at every side and return a Markdown table; the first side is what the
    others are compared with.
    """
    first, *others = (side.name for side in sides)
    names = [
        "act",
        f"{first}: p50 / p95 / p99 ms",
        *(f"{name}: p50 / p95 ms, in times of ours" for name in others),
        f"16 clients: {first}, requests/s, p50 / p95 ms",
        *(f"16 clients: {name}/s" for name in others),
        f"errors ({', '.join([first, *others])})",
    ]
    lines = [f"| {' | '.join(names)} |", f"|---|{'--:|' * (len(names) - 1)}"]
    for act in pages.ACTS:
        sys.stderr.write(f"{act} …\n")
        lines.append(_row(act, sides, bounds))
        sys.stderr.write(lines[-1] + "\n")
    return lines


def _row(act, sides, bounds):
    rounds = [[alone(side.acts[act](side.given), bounds) for side in sides] for _ in range(ROUNDS)]
    ours, *others = (_together(turns) for turns in zip(*rounds, strict=True))
    many = [sixteen(side.acts[act], side.given, _for_many(side, bounds)) for side in sides]
    p50, busy = ours.percentile(0.5), many[0]
    cells = [
        act,
        f"{p50:.1f} / {ours.percentile(0.95):.1f} / {ours.percentile(0.99):.1f}",
        *(
            f"{one.percentile(0.5):.2f} / {one.percentile(0.95):.2f},"
            f" {one.percentile(0.5) / p50:.2f} ×"
            for one in others
        ),
        f"{busy.per_second:.0f}, {busy.percentile(0.5):.0f} / {busy.percentile(0.95):.0f}",
        *(f"{one.per_second:,.0f}" for one in many[1:]),
        ", ".join(
            str(one.errors + all_.errors) for one, all_ in zip((ours, *others), many, strict=True)
        ),
    ]
    return f"| {' | '.join(cells)} |"


def _for_many(side, bounds):
    return replace(bounds, requests=2_000 if side.acts is plain_sql.ACTS else bounds.requests * 3)


def _together(rounds):
    taken = [ms for timed in rounds for ms in timed.milliseconds]
    return Timed(taken, sum(timed.errors for timed in rounds), 0.0)


def samples(url):
    """Return what the acts choose from: tickets, words, addresses, and the statements the console
    itself would run.
    """
    from django.db import connection
    from django.utils.timezone import localtime

    from deskbook.people.models import Agent, ContactIdentity
    from deskbook.tickets import queues
    from deskbook.tickets.models import LogEntry, Message, Ticket
    from deskbook.tickets.sections import day_of

    agent = Agent.objects.select_related("desk", "user").order_by("pk").first()
    tickets = Ticket.objects.select_related("desk").exclude(subject=plain_sql.SUBJECT)
    open_ones = tickets.filter(is_open=True, waits_for="desk")
    count, still_open = Ticket.objects.count(), Ticket.objects.filter(is_open=True).count()
    answerable = list(open_ones.order_by("?")[:400])
    given = {
        "database": url,
        "desk": agent.desk_id,
        "numbers": [str(t) for t in tickets.order_by("?")[:2_000]],
        "answerable": [str(t) for t in answerable],
        "answerable_ids": [t.pk for t in answerable],
        "plain_ids": _plain_tickets(answerable[0]),
        "sequence": f"deskbook_numbers_{agent.desk_id}",
        "rare": _rare_words(),
        "common": list(COMMON),
        "addresses": list(
            ContactIdentity.objects.order_by("?").values_list("identifier", flat=True)[:1_000]
        ),
        "list": queues.statement_of(queues.queue(agent, "open").in_sections(day_of(localtime()))),
        "search": queues.statement_of(queues.find(agent, "needle")),
        "columns": {model._meta.db_table: _columns(model) for model in (Ticket, Message, LogEntry)},
        "size": (
            f"{count:,} tickets ({still_open / count:.1%} open), {Message.objects.count():,}"
            f" messages, {LogEntry.objects.count():,} log entries."
        ),
    }
    connection.close()
    return given


def _plain_tickets(ticket):
    """Return tickets of the plain SQL's own to reply to: what it writes is no chain a real ticket
    could go on from.
    """
    from deskbook.tickets.models import Ticket

    made = Ticket.objects.filter(subject=plain_sql.SUBJECT).order_by("pk")
    if not made.exists():
        own = {
            "number": f"nextval('deskbook_numbers_{ticket.desk_id}')",
            "subject": f"'{plain_sql.SUBJECT}'",
            "is_open": "false",
        }
        columns, shown = plain_sql.copied(_columns(Ticket), own)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into deskbook_ticket ({columns}) select {shown} from"
                " deskbook_ticket, generate_series(1, 400) where id = %s",
                [ticket.pk],
            )
    return list(made.values_list("pk", flat=True)[:400])


def _columns(model):
    return [field.column for field in model._meta.concrete_fields if field.column != "id"]


def _rare_words():
    """Return words of the data set's departments, each of which stands in some of its tickets."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "select distinct (regexp_match(text, '\\mK[0-9]{3,4}\\M'))[1] as word"
            " from deskbook_message where id > (select max(id) - 100000 from deskbook_message)"
            " and text ~ '\\mK[0-9]{3,4}\\M' limit 2000"
        )
        return [word for (word,) in cursor.fetchall()]


def signed_in():
    """Return the Cookie header of a session of the first agent."""
    from django.conf import settings
    from django.test import Client

    from deskbook.people.models import Agent

    client = Client()
    client.force_login(
        Agent.objects.order_by("pk").first().user, "django.contrib.auth.backends.ModelBackend"
    )
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


if __name__ == "__main__":
    main()
