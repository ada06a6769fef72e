"""Measures a running desk over HTTP, and the same acts in plain SQL, on the data set of
bench.dataset.

    DESKBOOK_DATA=… python -m bench.load [--web-processes 4] [--out docs/bench.md]

Starts `deskbook web` (as it is served) on a free port of 127.0.0.1, signs an agent in by a session
of its own making, and for each act measures one client and sixteen: requests bounded in number and
time. Then mail: SMTP to `deskbook mail`, understood by `deskbook worker`, until the last mail is a
ticket. Writes to the database it measures.
"""

import argparse
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench import mails, pages, plain_sql
from bench.dataset import database, is_ours
from bench.timing import Bounds, Timed, alone, sixteen

COMMON = ("report", "payroll", "export", "import", "approver", "certificate")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--web-processes", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--mails", type=int, default=400)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    bounds = Bounds(arguments.requests, arguments.seconds)
    with database() as url:
        if not is_ours():
            sys.exit(
                "This database is no data set of bench.dataset: measuring would write into it."
            )
        given = samples(url)
        lines = [f"{arguments.web_processes} web process(es). {given['size']}", ""]
        with part("web", {"DESKBOOK_WEB_PROCESSES": str(arguments.web_processes)}) as (
            address,
            process,
        ):
            given |= {"address": address, "cookie": signed_in()}
            at_rest = memory(process.pid)
            lines += table(given, bounds)
            lines += [
                "",
                (
                    f"Memory of the web server (PSS): {at_rest:.0f} MB at first,"
                    f" {memory(process.pid):.0f} MB now."
                ),
            ]
        if arguments.mails:
            lines += ["", mails.measured(arguments.mails, arguments.workers, part, given)]
    report = "\n".join(lines) + "\n"
    sys.stdout.write(report)
    if arguments.out:
        arguments.out.write_text(report)


def table(given, bounds):
    """Measure every act, over HTTP and in SQL, and return a Markdown table."""
    lines = [
        (
            "| act | one client: p50 / p95 / p99 ms | 16 clients: requests/s, p50 / p95 ms | errors"
            " | plain SQL: one client p50 ms | 16 clients/s | ratio p50 |"
        ),
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for act, prepare in pages.ACTS.items():
        sys.stderr.write(f"{act} …\n")
        single, many = alone(prepare(given), bounds), sixteen(prepare, given, bounds)
        sql = plain_sql.ACTS[act]
        bare, bare_many = (
            alone(sql(given), bounds),
            sixteen(sql, given, replace(bounds, requests=2_000)),
        )
        lines.append(_row(act, single, many, bare, bare_many))
        sys.stderr.write(lines[-1] + "\n")
    return lines


def _row(act: str, single: Timed, many: Timed, bare: Timed, bare_many: Timed) -> str:
    p = [single.percentile(share) for share in (0.5, 0.95, 0.99)]
    errors = single.errors + many.errors + bare.errors + bare_many.errors
    return (
        f"| {act} | {p[0]:.1f} / {p[1]:.1f} / {p[2]:.1f} | {many.per_second:.0f},"
        f" {many.percentile(0.5):.0f} / {many.percentile(0.95):.0f} | {errors} |"
        f" {bare.percentile(0.5):.2f} | {bare_many.per_second:,.0f} |"
        f" {p[0] / bare.percentile(0.5):.0f} × |"
    )


def samples(url):
    """Return what the acts choose from: tickets, words, addresses, and the statements the console
    itself would run.
    """
    from django.db import connection

    from deskbook.people.models import Agent, ContactIdentity
    from deskbook.tickets import queues
    from deskbook.tickets.models import LogEntry, Message, Ticket

    agent = Agent.objects.select_related("desk", "user").order_by("pk").first()
    tickets = Ticket.objects.select_related("desk")
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
        "rare": [f"K{n}" for n in range(1000, 3900)],
        "common": list(COMMON),
        "addresses": list(
            ContactIdentity.objects.order_by("?").values_list("identifier", flat=True)[:1_000]
        ),
        "list": queues.statement_of(queues.queue(agent, "open")),
        "search": queues.statement_of(queues.find(agent, "needle")),
        "ticket_columns": [f.column for f in Ticket._meta.concrete_fields if f.column != "id"],
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

    made = Ticket.objects.filter(subject="plain sql").order_by("pk")
    if not made.exists():
        columns = [f.column for f in Ticket._meta.concrete_fields if f.column != "id"]
        own = {
            "number": f"nextval('deskbook_numbers_{ticket.desk_id}')",
            "subject": "'plain sql'",
            "is_open": "false",
        }
        shown = ", ".join(own.get(name, name) for name in columns)
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into deskbook_ticket ({', '.join(columns)}) select {shown} from"
                " deskbook_ticket, generate_series(1, 400) where id = %s",
                [ticket.pk],
            )
    return list(made.values_list("pk", flat=True)[:400])


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


@contextmanager
def part(name, more):
    """Run `deskbook NAME` on free ports; yield where it listens (web) and its process; stop it
    afterwards.
    """
    ports = [free_port() for _ in range(3)]
    environment = {
        **os.environ,
        "DESKBOOK_PORT": str(ports[0]),
        "DESKBOOK_SMTP_LISTEN": f"127.0.0.1:{ports[1]}",
        "DESKBOOK_LMTP_LISTEN": f"127.0.0.1:{ports[2]}",
        "DESKBOOK_DEMO": "1",
        "DESKBOOK_LOG_LEVEL": "ERROR",
        **more,
    }
    with subprocess.Popen([sys.executable, "-m", "deskbook", name], env=environment) as process:
        try:
            if name in ("web", "mail"):
                wait_for(ports[0] if name == "web" else ports[1], process)
            yield (
                f"http://127.0.0.1:{ports[0]}" if name == "web" else f"127.0.0.1:{ports[1]}",
                process,
            )
        finally:
            process.terminate()
            process.wait(30)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port, process):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the server did not start; its own words are above")


def memory(pid):
    """Return the memory of a process and its children in MB, shared pages divided by their users
    (PSS).
    """
    total = sum(memory(int(child)) for child in _children(pid))
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            total += int(line.split()[1]) / 1024
    return total


def _children(pid):
    return [
        child
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]


if __name__ == "__main__":
    main()
