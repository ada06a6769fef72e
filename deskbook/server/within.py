"""What a desk does, as its database and its mail servers tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from django.db import connection

from deskbook.channels.email.imap_account import account, refused_by
from deskbook.channels.email.smtp import kept_away
from deskbook.channels.email.tokens import grants_ending
from deskbook.config.environment import Environment
from deskbook.jobs.condition import condition
from deskbook.server.findings import Finding, lasting
from deskbook.server.providing import sign_in

WORKER_SILENT = timedelta(minutes=1)
NOT_READ = timedelta(minutes=5)
CLOCKS_LATE = timedelta(minutes=2)
NOT_LEFT = timedelta(minutes=15)
CLOCK_OFF = timedelta(seconds=5)
LEFT_OVER = "The screen “Left over” of the console says why, and tries again or drops each."
CONNECT = "Connect it in the console under Settings, Mail, or by `deskbook mailbox connect`."
SECRET_TOLD_BEFORE = timedelta(days=30)
MORE_WORKERS = "See that a worker runs; where it does, DESKBOOK_WORKER_PROCESSES starts more."


def workers(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where no worker runs, or does not keep up."""
    found = _readings()
    seconds = found.get(("worker_silent_seconds",))
    silent = None if seconds is None else timedelta(seconds=seconds)
    if silent is None or silent > WORKER_SILENT:
        since = "No worker has ever run" if silent is None else f"No worker for {lasting(silent)}"
        yield Finding(
            f"{since}: no mail is read or sent, no clock moves.",
            "Start `deskbook serve`, or `deskbook worker` where the parts run apart.",
        )
    if (late := timedelta(seconds=found[("wake_lag_seconds",)])) > CLOCKS_LATE:
        yield Finding(f"Clocks of tickets are {lasting(late)} late.", MORE_WORKERS)
    if failed := sum(n for key, n in found.items() if key[::2] == ("jobs", "failed")):
        yield Finding(f"Jobs that failed for good: {failed:.0f}.", LEFT_OVER)


def mail_in(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where mail is not read, or has not come for longer than usual."""
    found = _readings()
    if (waits := timedelta(seconds=found[("mail_not_read_seconds",)])) > NOT_READ:
        yield Finding(f"The oldest mail has waited {lasting(waits)} to be read.", MORE_WORKERS)
    if held := found.get(("arrivals", "inboundmail")):
        yield Finding(f"Mails that were not taken in: {held:.0f}.", LEFT_OVER, is_fault=False)
    with connection.cursor() as cursor:
        cursor.execute(_PAUSES)
        longest, lasts = cursor.fetchone()
    if longest and lasts > max(2 * longest, timedelta(hours=12)):
        yield Finding(
            f"No mail has come for {lasting(lasts)}; the longest pause of the last four weeks was"
            f" {lasting(longest)}.",
            "Send one yourself, and follow it: the MX record, the mail server in front, its"
            " delivery to DESKBOOK_LMTP_LISTEN or the mailboxes below.",
            is_fault=False,
        )


def mailboxes(environment: Environment) -> Iterator[Finding]:
    """Yields a finding for each mailbox of DESKBOOK_IMAP_URLS that does not let us in."""
    for url in environment.imap_urls:
        if why := refused_by(url):
            expire = "Is its password still that of DESKBOOK_IMAP_URLS? Many expire."
            yield Finding(
                f"The mailbox {account(url).name} cannot be read: {why}.",
                CONNECT if account(url).is_by_token else expire,
            )


def consents(environment: Environment) -> Iterator[Finding]:
    """Yields a finding for each mailbox whose consent ended or ends soon, and for a secret of ours
    that does.
    """
    now = datetime.now(UTC)
    for grant in grants_ending(at=now):
        if grant.refused:
            yield Finding(f"The provider of {grant.user} says {grant.refused}.", CONNECT)
        elif grant.until_at:
            left = lasting(grant.until_at - now)
            what = f"The consent for {grant.user} ends in {left}."
            yield Finding(what, CONNECT, is_fault=False)
    until = environment.mail_provider.secret_until if environment.mail_provider else None
    if until and until - now.date() < SECRET_TOLD_BEFORE:
        yield Finding(
            f"The client secret of the mail provider is good until {until} by the settings.",
            "Make another there, set DESKBOOK_MAIL_OAUTH_CLIENT_SECRET and …_UNTIL, and restart.",
            is_fault=until < now.date(),
        )


def mail_out(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where the mail server takes nothing, or letters wait for long."""
    if why := kept_away():
        yield Finding(
            f"The mail server lets nothing through: {why}.",
            "Look at DESKBOOK_SMTP_URL; what waits is sent by itself afterwards.",
        )
    waits = timedelta(seconds=_readings()[("departure_waits_seconds", "outboundmail")])
    if waits > NOT_LEFT:
        yield Finding(f"The oldest letter has waited {lasting(waits)} to leave.", LEFT_OVER)


def clock(environment: Environment) -> Iterator[Finding]:
    """Yields a finding where this machine and the database's disagree about the time."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        off = abs(datetime.now(UTC) - cursor.fetchone()[0])
    if off > CLOCK_OFF:
        yield Finding(
            f"The clocks of this machine and of the database's differ by {lasting(off)}.",
            "Let both follow a time server: due times and codes depend on it.",
        )


def _readings() -> dict[tuple[str, ...], float]:
    """Every reading by its measure and labels."""
    return {(one.measure, *one.about): one.value for one in condition()}


_PAUSES = """
    select max(pause), now() - max(received_at) from (
        select received_at, received_at - lag(received_at) over (order by received_at) as pause
        from deskbook_inboundmail where received_at > now() - interval '28 days') came
    having count(*) >= 20
    union all select null, null limit 1
"""
"""Of few mails no pause is usual."""
LOOKS: Mapping[str, Callable[[Environment], Iterator[Finding]]] = {
    "workers": workers,
    "mail in": mail_in,
    "mailboxes": mailboxes,
    "consents": consents,
    "mail out": mail_out,
    "clock": clock,
    "sign-in": sign_in,
}
