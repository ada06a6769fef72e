"""How long an export of Freshdesk takes to come along, at how many statements and what memory.

    python -m bench.moving [--tickets 10000]

A made-up export (tests/moving/freshdesk_export.py) comes into a new database twice: the second time
nothing of it does.
"""

import argparse
import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from deskbook.server.embedded_postgres import running

WORDS = {"severity": {"urgent": "s1"}, "team": {"development": "development", "*": "support"}}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=10_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with running(home / "postgres", throw_away=True) as url, desk_in(url) as helpdesk:
            measure(helpdesk, home / "export.zip", asked.tickets)


@contextmanager
def desk_in(url):
    """Make the tables and a desk there; give the desk."""
    import os

    import django

    os.environ |= {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "deskbook.config.settings"}
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    from deskbook.people.books import apply_book

    call_command("migrate", verbosity=0)
    book = Path(__file__).parents[1] / "books/sparkrock.yaml"
    yield apply_book("sparkrock", book.read_text(), at=datetime.now(UTC), by=None)
    connections.close_all()


def measure(helpdesk, path, tickets):
    from deskbook.moving.models import CameFrom
    from deskbook.tickets.models import Attachment, Message, Ticket
    from deskbook.tickets.verify import broken_links
    from tests.moving.freshdesk_export import write_export

    counted, texts = write_export(path, tickets)
    size = path.stat().st_size / 1e6
    say("{} tickets, {} messages, {} files; {:.1f} MB".format(*counted, size))
    for run in ("first", "again"):
        before = memory_mb()
        move, took_s, statements = brought(helpdesk, path)
        left, each_ms = move.left_out.count(), 1000 * took_s / tickets
        say(f"{run}: {move.came} came, {move.messages} messages, {move.files} files, {left} left")
        say(
            f"  {took_s:.1f} s, {each_ms:.1f} ms and {statements / tickets:.2f} statements a ticket"
        )
        say(f"  memory {before:.0f} → {memory_mb():.0f} MB at most")
    here = {}
    said = Message.objects.exclude(text__startswith="freshdesk ").order_by("pk")
    for ticket, text in said.values_list("ticket_id", "text").iterator():
        here.setdefault(ticket, []).append(text)
    came = CameFrom.objects.all()
    lost = [one.number for one in came if here[one.ticket_id] != texts[one.number]]
    broken = list(broken_links(Ticket.objects.select_related("desk")))
    say(f"{Ticket.objects.count()} tickets, {Attachment.objects.count()} files are here")
    say(f"tickets whose texts differ: {len(lost)}; broken links in logs: {len(broken)}")


def brought(helpdesk, path):
    """Take the export in; return how that went, the seconds and the statements."""
    from django.db import connection

    from deskbook.moving.models import Move
    from deskbook.moving.taking_in import take_in

    count = [0]

    def counting(execute, *asked):
        count[0] += 1
        return execute(*asked)

    now = datetime.now(UTC)
    move = Move.objects.create(
        desk=helpdesk, source="freshdesk", name=path.name, words=WORDS, begun_at=now
    )
    began_s = time.monotonic()
    with connection.execute_wrapper(counting):
        take_in(move, path, at=now)
    return move, time.monotonic() - began_s, count[0]


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def memory_mb():
    """The most this process has had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
