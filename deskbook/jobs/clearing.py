"""Once a night: what is of no use any more goes, and what was told of people is kept no longer than
somebody asks.

What a case is made of stays. Each kind is cleared by itself, in parts: one that fails does not keep
the others.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.bridges.jira.models import JiraEvent
from deskbook.channels.email.models import InboundMail
from deskbook.channels.phone.models import CallEvent
from deskbook.channels.sms.models import IncomingText, SmsReport
from deskbook.channels.walk_in.models import Token
from deskbook.channels.whatsapp.models import ChatExport, WhatsAppPayload, WhatsAppStatus
from deskbook.delivery.states import Taken
from deskbook.jobs.failure_models import JobFailure
from deskbook.knowledge.models import ArticleImage, Reading, SpentChallenge
from deskbook.people.account_models import CodeAsked
from deskbook.people.session_models import Session
from deskbook.tickets.models import Attachment, Blob, Draft, Presence

TOLD_KEPT = timedelta(days=90)
"""What services told us, as they told it, after it was understood: long enough to look into a
complaint.
"""
DRAFTS_KEPT = timedelta(days=180)
READINGS_KEPT = timedelta(days=400)
"""Deflections are looked at for a year at most."""
AT_ONCE = 2_000
MOST_PARTS = 200
log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


def clear(at: datetime | None = None) -> dict[str, int]:
    """Clears all kinds as of `at` (now) and returns how many rows of each went or were emptied."""
    at = at or datetime.now(UTC)
    cleared = {}
    for name, step in _STEPS.items():
        try:
            cleared[name] = step(at)
        except DatabaseError:
            log.exception("%s could not be cleared; again tomorrow", name)
    return cleared


def _presences(at: datetime) -> int:
    return _delete(Presence.objects.filter(seen_at__lt=at - timedelta(days=1)))


def _drafts(at: datetime) -> int:
    return _delete(Draft.objects.filter(saved_at__lt=at - DRAFTS_KEPT))


def _blobs(at: datetime) -> int:
    """Files of forms that were refused and never sent: nothing refers to them, and no draft names
    them.
    """
    old = _unused(Blob.objects.filter(stored_at__lt=at - DRAFTS_KEPT))
    named = {
        file["sha256"]
        for files in Draft.objects.filter(fields__has_key="files").values_list(
            "fields__files", flat=True
        )
        for file in files
    }
    return _delete(old.exclude(pk__in=named))


def _sessions(at: datetime) -> int:
    return _delete(Session.objects.filter(expire_date__lt=at))


def _codes_asked(at: datetime) -> int:
    return _delete(CodeAsked.objects.filter(asked_at__lt=at - timedelta(days=1)))


def _job_failures(at: datetime) -> int:
    """Of jobs that are no more: somebody deleted them, or they were done while the database kept
    nothing.
    """
    return _delete(
        JobFailure.objects.exclude(Exists(ProcrastinateJob.objects.filter(pk=OuterRef("job"))))
    )


def _challenges(at: datetime) -> int:
    return _delete(SpentChallenge.objects.filter(until__lt=at))


def _readings(at: datetime) -> int:
    return _delete(Reading.objects.filter(opened_at__lt=at - READINGS_KEPT))


def _walk_in_origins(at: datetime) -> int:
    """Of tokens of days that nobody ended: those that are done keep none."""
    old = Token.objects.filter(day__on__lt=(at - timedelta(days=1)).date()).exclude(origin="")
    return _empty(old, origin="")


def _call_events(at: datetime) -> int:
    """The rows stay: they say what was told of a call, so that it is not taken twice."""
    old = CallEvent.objects.filter(received_at__lt=at - TOLD_KEPT).exclude(told={})
    return _empty(old, told={})


def _sms_reports(at: datetime) -> int:
    return _delete(SmsReport.objects.filter(came_at__lt=at - TOLD_KEPT))


def _texts(at: datetime) -> int:
    """The words are on their case. The row stays, so that the same text is not taken in twice."""
    done = IncomingText.objects.filter(state=Taken.DONE, came_at__lt=at - TOLD_KEPT)
    return _empty(done.exclude(text=""), text="")


def _jira_events(at: datetime) -> int:
    done = (Taken.DONE, Taken.IGNORED)
    old = JiraEvent.objects.filter(state__in=done, came_at__lt=at - TOLD_KEPT)
    return _empty(old.exclude(payload={}), payload={})


def _whatsapp_statuses(at: datetime) -> int:
    return _delete(WhatsAppStatus.objects.filter(at__lt=at - TOLD_KEPT))


def _whatsapp_payloads(at: datetime) -> int:
    """What was understood is on its cases, by its wamid: delivered once more, it does nothing."""
    old = WhatsAppPayload.objects.filter(state=Taken.DONE, received_at__lt=at - TOLD_KEPT)
    count = 0
    for _part in range(MOST_PARTS):
        rows = dict(old.values_list("pk", "raw_id")[:AT_ONCE])
        if not rows:
            break
        with transaction.atomic():
            count += len(rows)
            WhatsAppPayload.objects.filter(pk__in=rows).delete()
            _unused(Blob.objects.filter(pk__in=rows.values())).delete()
    return count


def _unused(blobs: QuerySet[Blob]) -> QuerySet[Blob]:
    """Those nothing else refers to: the same bytes are kept once, whoever brought them."""
    return blobs.exclude(
        Exists(Attachment.objects.filter(blob=OuterRef("pk")))
        | Exists(ArticleImage.objects.filter(blob=OuterRef("pk")))
        | Exists(InboundMail.objects.filter(raw=OuterRef("pk")))
        | Exists(WhatsAppPayload.objects.filter(raw=OuterRef("pk")))
        | Exists(ChatExport.objects.filter(Q(text=OuterRef("pk")) | Q(archive=OuterRef("pk"))))
    )


def _delete(rows: QuerySet[Row]) -> int:
    return _in_parts(rows, lambda part: part.delete())


def _empty(rows: QuerySet[Row], **values: Any) -> int:
    return _in_parts(rows, lambda part: part.update(**values))


def _in_parts(rows: QuerySet[Row], do: Callable[[QuerySet[Row]], object]) -> int:
    """Short transactions: nobody waits for the night's work."""
    count = 0
    for _part in range(MOST_PARTS):
        found = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        if not found:
            break
        do(rows.model._default_manager.filter(pk__in=found))
        count += len(found)
    return count


_STEPS: Mapping[str, Callable[[datetime], int]] = {
    "presences": _presences,
    "drafts": _drafts,
    "blobs": _blobs,
    "sessions": _sessions,
    "codes asked": _codes_asked,
    "challenges": _challenges,
    "readings": _readings,
    "walk-in origins": _walk_in_origins,
    "call events": _call_events,
    "sms reports": _sms_reports,
    "texts": _texts,
    "jira events": _jira_events,
    "whatsapp statuses": _whatsapp_statuses,
    "whatsapp payloads": _whatsapp_payloads,
    "job failures": _job_failures,
}
