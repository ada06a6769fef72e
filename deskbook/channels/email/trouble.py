"""A mail server that takes nothing from the desk: known once, told once, and not asked by every
mail that waits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from procrastinate.contrib.django import app

from deskbook.channels.email.models import MailTrouble, OutboundMail
from deskbook.channels.email.smtp import SAID
from deskbook.delivery.states import State
from deskbook.people.prepared import Prepared
from deskbook.refusals.kept import beginning

PAUSE = timedelta(minutes=1)
"""After a refusal the next mail asks again: thousands that wait would lock the account of a wrong
password.
"""
BLIP = timedelta(minutes=10)
"""A server that is away for less is restarting: the screens say so, but nobody is written to."""
REFUSED_IN_A_ROW = 3
"""So many letters refused for good with none taken in between: it is not what is in them."""
TOLD_AGAIN_AFTER = timedelta(days=1)
ALERT_JOB = "alert_mail_trouble"


def present_trouble() -> MailTrouble | None:
    """Returns the trouble that goes on, or None."""
    return _PRESENT.first()


_PRESENT = Prepared(lambda: MailTrouble.objects.filter(is_over=False).order_by("pk")[:1])


def pausing(*, at: datetime) -> MailTrouble | None:
    """Returns the trouble for which no mail is tried at `at`: one of them found out a moment
    ago.
    """
    trouble = present_trouble()
    return (
        trouble
        if trouble and trouble.stops and timedelta() < at - trouble.last_at < PAUSE
        else None
    )


@transaction.atomic
def note_trouble(reason: str, *, stops: bool, refused: bool, at: datetime) -> MailTrouble:
    """Keeps what the server said and returns the trouble; the first time, leads are told by a job.

    `stops` when it takes no mail at all; `refused` when it said no for good, and did not just stay
    away.
    """
    fresh = {"since_at": at, "last_at": at, "reason": reason, "stops": stops}
    trouble, _made = MailTrouble.objects.select_for_update().get_or_create(
        is_over=False, defaults=fresh
    )
    trouble.last_at, trouble.reason, trouble.stops = max(at, trouble.last_at), reason, stops
    if trouble.told_at is None and (refused or at >= trouble.since_at + BLIP):
        trouble.told_at = at
        if not _told_lately(trouble, at):
            app.configure_task(ALERT_JOB, queue="reactions").defer(trouble_id=trouble.pk)
    trouble.save()
    return trouble


def end_trouble(*, at: datetime) -> bool:
    """Marks the trouble as over, because a mail was taken; returns whether there was one that kept
    mail back.
    """
    return bool(MailTrouble.objects.filter(is_over=False).update(is_over=True, last_at=at))


def keep_back_refused(*, at: datetime) -> bool:
    """Returns whether the server refuses all it is given, and lets what it refused wait for the
    server then.
    """
    if present_trouble():
        return True
    last_at = OutboundMail.objects.filter(sent_at__lte=at).aggregate(last_at=Max("sent_at"))[
        "last_at"
    ]
    said_no = beginning(SAID, words="5")
    refused = OutboundMail.objects.filter(state=State.WAITING, reason__startswith=said_no)
    refused = refused.filter(queued_at__gt=last_at) if last_at else refused
    if refused.values("entry", "notice_key").distinct().count() < REFUSED_IN_A_ROW:
        return False
    refused.update(kept_back=True)
    return True


def ask_again(*, at: datetime) -> None:
    """Lets the next mail try at once: somebody has put the server, or the password, right."""
    MailTrouble.objects.filter(is_over=False).update(last_at=at - PAUSE)


def _told_lately(trouble: MailTrouble, at: datetime) -> bool:
    """A server that comes and goes is one trouble to those who are told."""
    before = MailTrouble.objects.exclude(pk=trouble.pk)
    return before.filter(told_at__gt=at - TOLD_AGAIN_AFTER).exists()
