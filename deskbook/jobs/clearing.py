"""Once a night: what is of no use any more goes, and what was told of people is kept no longer than
somebody asks.

What a case is made of stays. Each kind is cleared by itself, in parts: one that fails does not keep
the others.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.channels.all import connections
from deskbook.delivery.clearing import AT_ONCE, MOST_PARTS, delete
from deskbook.jobs.failure_models import JobFailure
from deskbook.knowledge.models import ArticleImage, Reading, SpentChallenge
from deskbook.moving.models import Move, NotMoved
from deskbook.people.account_models import CodeAsked
from deskbook.people.session_models import Session
from deskbook.people.token_models import ApiRequest
from deskbook.tickets.models import Attachment, Blob, Draft, Presence
from deskbook.tickets.notification_models import Notification

DRAFTS_KEPT = timedelta(days=180)
NOTIFICATIONS_KEPT = timedelta(days=90)
READINGS_KEPT = timedelta(days=400)
"""Deflections are looked at for a year at most."""
MOVES_KEPT = timedelta(days=30)
log = logging.getLogger(__name__)


def clear(at: datetime | None = None) -> dict[str, int]:
    """Clears all kinds as of `at` (now) and returns how many rows of each went or were emptied."""
    at = at or datetime.now(UTC)
    cleared = {}
    for name, step in _steps().items():
        try:
            cleared[name] = step(at)
        except DatabaseError:
            log.exception("%s could not be cleared; again tomorrow", name)
    return cleared


def _presences(at: datetime) -> int:
    return delete(Presence.objects.filter(seen_at__lt=at - timedelta(days=1)))


def _notifications(at: datetime) -> int:
    return delete(Notification.objects.filter(at__lt=at - NOTIFICATIONS_KEPT))


def _drafts(at: datetime) -> int:
    return delete(Draft.objects.filter(saved_at__lt=at - DRAFTS_KEPT))


def _blobs(at: datetime) -> int:
    """Files of forms that were refused and never sent: nothing refers to them, and no draft names
    them.
    """
    old = unused(Blob.objects.filter(stored_at__lt=at - DRAFTS_KEPT))
    named = {
        file["sha256"]
        for files in Draft.objects.filter(fields__has_key="files").values_list(
            "fields__files", flat=True
        )
        for file in files
    }
    return delete(old.exclude(pk__in=named))


def _sessions(at: datetime) -> int:
    return delete(Session.objects.filter(expire_date__lt=at))


def _codes_asked(at: datetime) -> int:
    return delete(CodeAsked.objects.filter(asked_at__lt=at - timedelta(days=1)))


def _api_requests(at: datetime) -> int:
    return delete(ApiRequest.objects.filter(came_at__lt=at - timedelta(days=1)))


def _moves(at: datetime) -> int:
    """What an export held that did not come along, and exports that nobody took in."""
    old_at = at - MOVES_KEPT
    left_out = delete(NotMoved.objects.filter(move__begun_at__lt=old_at))
    not_taken = Move.objects.filter(begun_at__lt=old_at).exclude(state=Move.State.DONE)
    return left_out + delete(not_taken)


def _job_failures(at: datetime) -> int:
    """Of jobs that are no more: somebody deleted them, or they were done while the database kept
    nothing.
    """
    return delete(
        JobFailure.objects.exclude(Exists(ProcrastinateJob.objects.filter(pk=OuterRef("job"))))
    )


def _challenges(at: datetime) -> int:
    return delete(SpentChallenge.objects.filter(until__lt=at))


def _readings(at: datetime) -> int:
    return delete(Reading.objects.filter(opened_at__lt=at - READINGS_KEPT))


def _with_their_bytes(due: Callable[[datetime], QuerySet[Any]], column: str, at: datetime) -> int:
    """Deletes rows together with the bytes they refer to, where nothing else does."""
    old, count = due(at), 0
    for _part in range(MOST_PARTS):
        rows = dict(old.values_list("pk", f"{column}_id")[:AT_ONCE])
        if not rows:
            break
        with transaction.atomic():
            count += len(rows)
            old.model._default_manager.filter(pk__in=rows).delete()
            unused(Blob.objects.filter(pk__in=rows.values())).delete()
    return count


def unused(blobs: QuerySet[Blob]) -> QuerySet[Blob]:
    """Returns those nothing else refers to: the same bytes are kept once, whoever brought them."""
    of_others = (kept for connection in connections() for kept in connection.keeps)
    referred = Q(pk__in=[])
    holders: list[tuple[type[Model], str]] = [(Attachment, "blob"), (ArticleImage, "blob")]
    for model, column in (*holders, *of_others):
        referred |= Q(Exists(model._default_manager.filter(**{column: OuterRef("pk")})))
    return blobs.exclude(referred)


_STEPS: Mapping[str, Callable[[datetime], int]] = {
    "presences": _presences,
    "notifications": _notifications,
    "drafts": _drafts,
    "blobs": _blobs,
    "sessions": _sessions,
    "codes asked": _codes_asked,
    "api requests": _api_requests,
    "moves": _moves,
    "challenges": _challenges,
    "readings": _readings,
    "job failures": _job_failures,
}


def _steps() -> Mapping[str, Callable[[datetime], int]]:
    """Returns what is cleared, those of the ways to others too."""
    steps = dict(_STEPS)
    for connection in connections():
        steps |= connection.clearing
        for name, (due, column) in connection.clears_with_bytes.items():
            steps[name] = partial(_with_their_bytes, due, column)
    return steps
