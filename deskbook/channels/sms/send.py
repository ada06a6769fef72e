"""Handing texts to the gateway: claimed, sent, recorded. Each gateway gets so many a minute, and
patience.

A text is claimed in one transaction, sent outside of any, and what came of it recorded in another:
a report that comes before the gateway has answered finds nothing locked. A worker that dies between
sending and recording leaves the text "sending"; after RECLAIMED it is sent again under the same
reference, so that a gateway which knows its references sends it once. One that does not sends it
twice: HTTP can do no better.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx
from django.db import connection, transaction
from django.db.models import Q

from deskbook.channels.sms.gateway import Answer, answer_of, request_for
from deskbook.channels.sms.models import SmsGateway
from deskbook.channels.sms.reports import apply_kept_reports, end
from deskbook.people.account_models import TextMessage
from deskbook.people.outward import NotAllowed, outward_client
from deskbook.people.sealing import Unreadable
from deskbook.people.service_trouble import note_trouble
from deskbook.people.texts import NoText, mobile_number
from deskbook.refusals.kept import cut, kept, stored
from deskbook.tickets.reminders import NOT_WAITED_FOR, is_too_late, record_left

RECLAIMED = timedelta(minutes=3)
TRIED_FOR = timedelta(hours=24)
"""How long a text is tried again while the gateway cannot be reached; older news is none."""
CODES_TRIED_FOR = timedelta(hours=2)
LONGEST_WAIT = timedelta(minutes=30)
MOST_AT_ONCE = 200
MOST_DEATHS = 20
"""Attempts after which a text whose worker died is not sent again: perhaps it is the text that
kills it.
"""
State = TextMessage.State
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A text that was due: with the gateway it goes to, or put off without one."""

    text: TextMessage
    gateway: SmsGateway | None = None
    is_full: bool = False
    """The gateway has had its texts for this minute."""


def send_text(text_id: int, *, at: datetime | None = None) -> TextMessage:
    """Sends one text if it is due and returns its row; one that is not due, or that another worker
    has, is left.
    """
    now = at or datetime.now(UTC)
    claimed = _claim(Q(pk=text_id), now)
    if claimed and claimed.gateway:
        _send(claimed.text, claimed.gateway, now)
    return TextMessage.objects.get(pk=text_id)


def send_due_texts(*, at: datetime | None = None) -> int:
    """Sends the texts that wait for another try, their gateway's next minute, or a worker that
    died; returns how many.

    At most MOST_AT_ONCE: the next run goes on.
    """
    sent, full = 0, set[int]()
    while sent < MOST_AT_ONCE and (claimed := _claim(~Q(desk__in=full), at or datetime.now(UTC))):
        if claimed.gateway:
            answer = _send(claimed.text, claimed.gateway, at or datetime.now(UTC))
            sent += 1
            if answer.ours:
                # The others would be refused as well, and thousands of wrong keys lock an account.
                full.add(claimed.text.desk_id)
        elif claimed.is_full:
            full.add(claimed.text.desk_id)  # thousands that wait are not all looked at each minute
    return sent


@transaction.atomic
def _claim(which: Q, at: datetime) -> Claimed | None:
    """Takes the next due text for this worker, or none; those the gateway cannot take this minute
    are put off.
    """
    due = TextMessage.objects.select_for_update(skip_locked=True, no_key=True, of=("self",)).filter(
        which, state__in=(State.QUEUED, State.SENDING), next_try_at__lte=at
    )
    # What anybody makes the desk write waits behind what somebody waits for: a minute has room for
    # so many.
    unasked = Q(purpose__in=("acknowledgement", "token"))
    text = (
        due.select_related("desk")
        .alias(unasked=unasked)
        .order_by("unasked", "next_try_at", "pk")
        .first()
    )
    if text is None:
        return None
    if is_too_late(
        text.entry, text.purpose, may_be_there=text.state == State.SENDING or text.retrials > 0
    ):
        end(text, State.DROPPED, NOT_WAITED_FOR, at=at)
        return Claimed(text)
    gateway = (
        SmsGateway.objects.select_related("desk").filter(desk=text.desk_id, active=True).first()
    )
    hindrance, until = _hindrance(text, gateway, at)
    if hindrance or gateway is None:
        is_full = gateway is not None and until is not None
        # Who waits for a minute keeps their place in it.
        _put_off(text, hindrance, at if is_full else until, at=at)
        return Claimed(text, is_full=is_full)
    text.state, text.attempts = State.SENDING, text.attempts + 1
    text.next_try_at = at + RECLAIMED
    text.save(update_fields=["state", "attempts", "next_try_at"])
    return Claimed(text, gateway)


def _hindrance(
    text: TextMessage, gateway: SmsGateway | None, at: datetime
) -> tuple[str, datetime | None]:
    """Returns why a text cannot leave now, and when to look again; None when it never can."""
    if text.state == State.SENDING and text.attempts >= MOST_DEATHS:
        return kept("sms.died", attempts=text.attempts), None
    if not text.purpose:
        return kept("sms.no_template"), None
    try:
        mobile_number(text.number)
    except NoText as refused:
        return str(refused), None
    if gateway is None:
        return kept("sms.no_gateway"), at + LONGEST_WAIT
    if _sent_this_minute(gateway, at) >= gateway.per_minute:
        return kept("sms.minute"), at + timedelta(minutes=1)
    return "", None


def _sent_this_minute(gateway: SmsGateway, at: datetime) -> int:
    """Counted under a lock, so that two workers do not both take the last one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sms {gateway.pk}"]
        )
    tried = Q(sent_at__gt=at - timedelta(minutes=1)) | Q(state=State.SENDING)
    return TextMessage.objects.filter(tried, desk=gateway.desk_id).count()


def _put_off(
    text: TextMessage, reason: str, until: datetime | None, *, at: datetime, is_ours: bool = False
) -> None:
    """Tries again at `until`; gives up when there is no use, or when the news would be old.

    What waits because of us (`is_ours`) is news until that is put right; not a code, which is of
    use for a while.
    """
    is_old = until is not None and until > text.queued_at + _patience(text)
    if until is None or (is_old and not (is_ours and text.purpose != "code")):
        end(text, State.FAILED, reason, at=at)
        return
    text.state, text.reason, text.next_try_at = State.QUEUED, cut(reason, 300), until
    text.save(update_fields=["state", "reason", "next_try_at"])


def _send(claimed: TextMessage, gateway: SmsGateway, at: datetime) -> Answer:
    answer = _answer(claimed, gateway)
    if answer.ours or answer.perhaps_ours:
        note_trouble(SmsGateway.objects.all(), gateway, "SMS", answer.reason, at)
    elif answer.taken and gateway.trouble:
        SmsGateway.objects.filter(pk=gateway.pk).update(trouble="")
    with transaction.atomic():
        text = TextMessage.objects.select_for_update(no_key=True, of=("self",)).get(pk=claimed.pk)
        if text.state == State.SENDING:
            _record(text, answer, at)
        if answer.provider_id and text.provider_id != answer.provider_id:
            text.provider_id = answer.provider_id
            text.save(update_fields=["provider_id"])
        if answer.provider_id:
            apply_kept_reports(text, at=at)
    return answer


def _record(text: TextMessage, answer: Answer, at: datetime) -> None:
    if answer.taken:
        text.state, text.sent_at, text.reason, text.next_try_at = State.SENT, at, "", None
        text.save(update_fields=["state", "sent_at", "reason", "next_try_at"])
        record_left(text.entry, text.purpose, at=at)
        return
    wait = max(
        min(timedelta(seconds=15 * 2 ** min(text.attempts, 10)), LONGEST_WAIT),
        timedelta(seconds=min(answer.wait_s, 3600)),
    )
    _put_off(text, answer.reason, at + wait if answer.again else None, at=at, is_ours=answer.ours)


def _answer(text: TextMessage, gateway: SmsGateway) -> Answer:
    try:
        with outward_client() as client:
            return answer_of(gateway, client.send(request_for(gateway, text)))
    except (Unreadable, NotAllowed) as problem:
        return Answer(False, reason=stored(str(problem)), again=True, ours=True)
    except httpx.InvalidURL:
        said = kept("sms.bad_address")
        return Answer(False, reason=said, again=True, ours=True)
    except (httpx.HTTPError, OSError, ValueError) as problem:
        log.warning(
            "the SMS gateway of %s cannot be reached: %s", gateway.desk_id, type(problem).__name__
        )
        return Answer(False, reason=kept("sms.away", error=type(problem).__name__), again=True)
    except Exception as failure:
        # A template nobody foresaw: this text fails, and those behind it go on.
        log.exception("text %s could not be handed over", text.pk)
        return Answer(False, reason=kept("sms.failed", error=type(failure).__name__))


def _patience(text: TextMessage) -> timedelta:
    return CODES_TRIED_FOR if text.purpose == "code" else TRIED_FOR
