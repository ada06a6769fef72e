"""Mail in: from SMTP to a ticket, by the listener and the worker as they run, with a mail server
that takes every acknowledgement.
"""

import logging
import os
import smtplib
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from aiosmtpd.controller import Controller

from bench.running import free_port, memory, part

CONNECTIONS = 8
PATIENCE_S = 180


def measured(count, workers, given):
    """Send so many new mails over a few connections; return a line on how fast they were taken and
    understood.
    """
    from django.utils import timezone

    from deskbook.channels.email.models import InboundMail
    from deskbook.delivery.states import Taken

    mails = [_mail(given, n, timezone.now()) for n in range(count)]
    with _running(workers) as (listener, pids):
        _send(listener, [_mail(given, 0, timezone.now())])
        # What the acts before have queued is no part of this, nor is the start of a worker.
        _wait_until_idle()
        before, began = InboundMail.objects.count(), time.monotonic()
        used = [_seconds_of(pid) for pid in pids]
        with ThreadPoolExecutor(CONNECTIONS) as threads:
            shares = [mails[number::CONNECTIONS] for number in range(CONNECTIONS)]
            list(threads.map(lambda share: _send(listener, share), shares))
        taken = time.monotonic() - began
        arrived = InboundMail.objects.order_by("-pk")[:count]
        while (
            InboundMail.objects.filter(state="new").exists()
            and time.monotonic() < began + PATIENCE_S
        ):
            time.sleep(0.05)
        understood = time.monotonic() - began
        _wait_until_idle()
        followed = time.monotonic() - began
        weights = f"listener {memory(pids[0]):.0f} MB, a worker {memory(pids[1]):.0f} MB"
        each = [
            1000 * (_seconds_of(pid) - before_it) / count
            for pid, before_it in zip(pids, used, strict=True)
        ]
    stored = InboundMail.objects.count() - before
    done = sum(mail.state == Taken.DONE for mail in arrived)
    return (
        f"Mail in: {stored} mails stored by the listener in {taken:.1f} s ({stored / taken:.0f}/s);"
        f" the last of them a ticket after {understood:.1f} s ({done / understood:.0f}/s from SMTP"
        f" to ticket, {workers} worker(s)); the last letter written after {followed:.1f} s"
        f" ({done / followed:.0f}/s); {count - done} not tickets."
        f" Processor time a mail: listener {each[0]:.1f} ms, worker(s) {sum(each[1:]):.1f} ms."
        f" Memory (PSS): {weights}."
    )


@contextmanager
def _running(workers):
    """Yield where mail is taken, and the processes that do it: the listener's, then the
    workers'.
    """
    # A line for each word it hears would be a part of what is measured.
    logging.getLogger("mail.log").setLevel(logging.WARNING)
    at = free_port()
    with ExitStack() as running:
        listener, process = running.enter_context(part("mail", {}))
        server = Controller(_TakesAll(), hostname="127.0.0.1", port=at)
        server.start()
        running.callback(server.stop)
        outgoing = {"DESKBOOK_SMTP_URL": f"smtp://127.0.0.1:{at}"}
        own = [running.enter_context(part("worker", outgoing))[1].pid for _ in range(workers)]
        yield listener, [process.pid, *own]


def _wait_until_idle():
    """Waits until nothing is to be done now; a letter that is tried again later is no part of
    it.
    """
    from django.db import connection

    waiting = (
        "select count(*) from procrastinate_jobs where status in ('todo', 'doing')"
        " and coalesce(scheduled_at, now()) <= now()"
    )
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(waiting)
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.1)
    sys.stderr.write(f"The worker has not finished what was queued within {PATIENCE_S} s.\n")


class _TakesAll:
    async def handle_DATA(self, server, session, envelope):
        return "250 2.0.0 taken"


def _send(listener, mails):
    host, port = listener.split(":")
    with smtplib.SMTP(host, int(port), timeout=60) as server:
        for sender, text in mails:
            server.sendmail(sender, ["support@sparkrock.example"], text)


def _mail(given, n, at):
    """Return the sender of a new mail, and its bytes: made before anything is measured."""
    mail = EmailMessage()
    mail["From"], mail["To"] = (
        given["addresses"][n % len(given["addresses"])],
        "support@sparkrock.example",
    )
    mail["Subject"] = f"The report is empty ({n})"
    mail["Date"], mail["Message-ID"] = format_datetime(at), make_msgid(domain="bench.example")
    mail.set_content("Since this morning nothing is in it.\n\nKind regards\n")
    return mail["From"], mail.as_bytes()


def _seconds_of(pid):
    """Return the processor time that a process and those it began have used, in seconds."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    began = [
        int(child)
        for task in Path(f"/proc/{pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    own = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return own + sum(map(_seconds_of, began))
