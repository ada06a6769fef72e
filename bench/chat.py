"""Five hundred chats at once against a desk as it is served: bad lines, forced reconnects, nothing
lost or doubled.

    python -m bench.chat [--chats 500] [--operators 25] [--lines 6] [--every 20] [--web-processes 1]

Starts `deskbook serve` in a folder of its own, with a directory of as many employees. Each visitor
writes `--lines` lines, one every `--every` seconds or so; an operator answers each within a second.
Every stream, of visitors and operators, is cut at random, after `--drops` seconds on average; one
line in ten is sent twice. Delivery is measured from before the sender's request until the line is
on the other's stream, reconnects included. Ends with an error when anything was lost, doubled or
refused.
"""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from bench.chat_people import Operator, Tally, Visitor, converse

BOOK = """
deskbook: 1
name: Pay desk
zone: Asia/Kolkata
prefix: PAY
channels:
  email:
  live chat: { by: chat, asks: [name, PEN, registered mobile] }
directory:
  name: { required: yes }
  PEN: { name: PEN, identifies: yes }
  registered mobile: { identifies: yes }
hours:
  always: { mon-sun: 00:00-24:00 }
stages:
  received: { means: It has come. }
  answered: { solved: yes }
  closed: { closed: yes }
"""
PREPARE = """
import json, sys
from datetime import UTC, datetime
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbook.config.settings")
from deskbook.config.environment import read
from deskbook.server.database import available
with available(read()):
    import django
    django.setup()
    from bench.chat import prepare
    print(json.dumps(prepare(%d, %d)))
"""


def prepare(chats, operators):
    """Put the desk, its operators and its directory into the database; return the operators'
    cookies.
    """
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from deskbook.people.books import apply_book
    from deskbook.people.models import Agent, Contact, ContactIdentity, User

    desk = apply_book("pay", BOOK, at=timezone.now(), by=None)
    people = Contact.objects.bulk_create(
        [Contact(desk=desk, name=f"Employee Number{n}") for n in range(chats)]
    )
    rows = [("pen", f"{500000 + n}", c) for n, c in enumerate(people)]
    rows += [("phone", f"+9194470{n:05}", c) for n, c in enumerate(people)]
    ContactIdentity.objects.bulk_create(
        [ContactIdentity(desk=desk, channel=w, identifier=i, contact=c) for w, i, c in rows]
    )
    cookies = []
    for n in range(operators):
        user = User.objects.create(
            email=f"operator{n}@desk.example", name=f"Operator {n}", password="!"
        )
        Agent.objects.create(user=user, desk=desk)
        client = Client()
        client.force_login(user, "django.contrib.auth.backends.ModelBackend")
        cookies.append(
            f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        )
    return cookies


def stated(number):
    """Return what the employee states at the door."""
    return {
        "asked.name": f"employee number{number}",
        "asked.pen": f"{500000 + number}",
        "asked.registered mobile": f"+91 94470 {number:05}",
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--operators", type=int, default=25)
    parser.add_argument("--lines", type=int, default=6)
    parser.add_argument("--every", type=float, default=20.0)
    parser.add_argument("--drops", type=float, default=20.0)
    parser.add_argument("--web-processes", type=int, default=1)
    chosen = parser.parse_args()
    from tests.stories.running_desk import desk_without_book

    os.environ.pop("DATABASE_URL", None)
    with desk_without_book({"DESKBOOK_WEB_PROCESSES": str(chosen.web_processes)}) as desk:
        cookies = json.loads(
            desk.run_python(PREPARE % (chosen.chats, chosen.operators)).splitlines()[-1]
        )
        tally = Tally()
        visitors = [
            Visitor(desk.site, "pay", stated(n), chosen.lines, chosen.every, chosen.drops, tally)
            for n in range(chosen.chats)
        ]
        operators = [Operator(desk.site, cookie, chosen.drops, tally) for cookie in cookies]
        lost, (memory, listeners) = asyncio.run(
            watched(desk, chosen, converse(visitors, operators, tally))
        )
        said = desk.select(
            "select count(*), count(distinct text) from deskbook_message where channel = 'live"
            " chat'"
        )
        jobs = desk.select(
            "select task_name, count(*) from procrastinate_jobs group by 1 order by 2 desc"
        )
    report(chosen, tally, lost, said[0])
    sys.stdout.write(
        f"Jobs: {dict(jobs)}. Listening connections while they talk: {listeners}. Memory of serve:"
        f" {memory:.0f} MB.\n"
    )
    stored, different = said[0]
    if lost or tally.doubled or tally.trouble or stored != different or stored != expected(chosen):
        sys.exit(
            f"lost {lost[:5]} doubled {tally.doubled} trouble {tally.trouble[:5]} stored"
            f" {stored}/{different}"
        )


def expected(chosen):
    """Return how many messages there have to be: first words, lines, and an answer to each line."""
    return chosen.chats * (1 + 2 * chosen.lines)


def report(chosen, tally, lost, said):
    delays = sorted(tally.delays)
    p50, p95, p99 = (1000 * delays[int(len(delays) * share)] for share in (0.5, 0.95, 0.99))
    sys.stdout.write(
        f"{chosen.chats} chats, {chosen.operators} operators, {chosen.web_processes} web"
        f" process(es): {len(delays)} lines heard, {tally.reconnects} reconnects, {tally.resent}"
        f" sent twice; lost {len(lost)}, doubled {tally.doubled}, refused {len(tally.trouble)};"
        f" {said[0]} messages stored.\nDelivery, reconnects included: median {p50:.0f} ms, p95"
        f" {p95:.0f} ms, p99 {p99:.0f} ms.\n"
    )


async def watched(desk, chosen, talking):
    """Return what `talking` returns, and the memory and listening connections of the desk in the
    midst of it.
    """

    async def look():
        await asyncio.sleep(chosen.lines * chosen.every * 0.6)
        return await asyncio.to_thread(lambda: (memory_of(desk.process.pid), listeners_of(desk)))

    return await asyncio.gather(talking, look())


def listeners_of(desk):
    """Return how many connections listen for the desk's own notices: one a web process."""
    return desk.select("select count(*) from pg_stat_activity where query = 'listen deskbook'")[0][
        0
    ]


def memory_of(pid):
    """Return the megabytes (PSS) of a process and its children, without the database server."""
    try:
        if b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0]:
            return 0.0
        found = [
            line
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            if line.startswith("Pss:")
        ]
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in found) / 1024 + sum(
        memory_of(int(child)) for child in children
    )


if __name__ == "__main__":
    main()
