"""Handing texts to the gateway: in what order, how many a minute, and what its answer means.

A text that a worker which died had in hand is sent again after LEASE, under the same reference: a
gateway that knows its references sends it once. One that does not sends it twice: HTTP can do no
better.
"""

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import httpx
from django.db import transaction
from django.db.models import Q, QuerySet

from deskbook.channels.sms.gateway import Answer, answer_of, request_for
from deskbook.channels.sms.models import SmsGateway, TextMessage
from deskbook.channels.sms.reports import apply_kept_reports, look_for_another_way
from deskbook.channels.sms.writing import END
from deskbook.delivery.order import send_in_order
from deskbook.delivery.outbox import InHand, Outcome, in_hand, settle, too_late
from deskbook.delivery.patience import LONGEST_PAUSE, pause_after
from deskbook.delivery.states import State
from deskbook.people.mobiles import NoText, mobile_number
from deskbook.people.outward import NotAllowed, fell_silent, outward_client
from deskbook.people.sealing import Unreadable
from deskbook.people.service_trouble import note_trouble
from deskbook.people.stopped import is_stopped
from deskbook.people.turns import take_turns
from deskbook.refusals.kept import kept, stored
from deskbook.tickets.reminders import record_left

LEASE = timedelta(minutes=3)
TRIED_FOR = timedelta(hours=24)
"""How long a text is tried again while the gateway cannot be reached; older news is none."""
CODES_TRIED_FOR = timedelta(hours=2)
MOST_AT_ONCE = 200
MOST_DEATHS = 20
"""Attempts after which a text whose worker died is not sent again: perhaps it is the text that
kills it.
"""
MINUTE = timedelta(minutes=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of one text that was due."""

    desk_id: int
    was_sent: bool
    ends_round: bool
    """No other text of the desk is tried now: its gateway has had those of this minute, or refuses
    the desk.
    """


def send_text(text_id: int, *, at: datetime | None = None) -> TextMessage:
    """Sends one text if it is due and returns its row; one that is not, or that another worker has,
    is left.
    """
    _send_next(TextMessage.objects.filter(pk=text_id), at or datetime.now(UTC))
    return TextMessage.objects.get(pk=text_id)


def send_in_turn(text_id: int) -> None:
    """Sends one text, after those to its number about what happened on its ticket before."""
    send_in_order(TextMessage, "number", text_id, send_text, at=datetime.now(UTC))


def send_due_texts(*, at: datetime | None = None) -> int:
    """Sends the texts that wait for another try, their gateway's next minute, or a worker that
    died; returns how many.

    At most MOST_AT_ONCE: the next run goes on. Thousands that wait for a minute are not all looked
    at.
    """
    sent, ended = 0, set[int]()
    while sent < MOST_AT_ONCE:
        tried = _send_next(TextMessage.objects.exclude(desk__in=ended), at or datetime.now(UTC))
        if tried is None:
            break
        sent += tried.was_sent
        if tried.ends_round:
            ended.add(tried.desk_id)
    return sent


def _send_next(texts: QuerySet[TextMessage], at: datetime) -> Tried | None:
    # What anybody makes the desk write waits behind what somebody waits for: a minute has room for
    # so many.
    due = texts.filter(next_try_at__lte=at).alias(
        unasked=Q(purpose__in=("acknowledgement", "token"))
    )
    first = due.select_related("desk", "entry").order_by("unasked", "next_try_at", "pk")
    with in_hand(first, at=at, lease=LEASE) as taken:
        if taken is None:
            return None
        desk_id = taken.row.desk_id
        gateway = (
            SmsGateway.objects.select_related("desk").filter(desk=desk_id, active=True).first()
        )
        if gateway is None:
            _record(taken, _never(taken) or _no_gateway(taken))
            return Tried(desk_id, False, False)
        hindrance = _never(taken) or _full_minute(taken, gateway)
        if hindrance:
            _record(taken, hindrance)
            return Tried(desk_id, False, hindrance.state == State.WAITING)
        answer = _answer(taken.row, gateway)
        _learn_of_the_gateway(gateway, answer, at)
        _record(taken, _outcome(taken, answer), answer.provider_id)
        return Tried(desk_id, True, answer.ours)


def _never(taken: InHand[TextMessage]) -> Outcome | None:
    """Why a text never leaves, whatever gateway there is; None where nothing is wrong with it."""
    text = taken.row
    late = too_late(text, text.entry, text.purpose)
    if late:
        return late
    if taken.was_left and text.attempts > MOST_DEATHS:
        return Outcome(State.GIVEN_UP, kept("sms.died", attempts=text.attempts - 1))
    if not text.purpose:
        return Outcome(State.GIVEN_UP, kept("sms.no_template"))
    if text.purpose != END and is_stopped(text.desk, text.number):
        return Outcome(State.GIVEN_UP, kept("sms.stopped"))
    try:
        mobile_number(text.number)
    except NoText as refused:
        return Outcome(State.GIVEN_UP, str(refused))
    return None


def _no_gateway(taken: InHand[TextMessage]) -> Outcome:
    return _later(taken, kept("sms.no_gateway"), taken.at + LONGEST_PAUSE, untried=True)


def _full_minute(taken: InHand[TextMessage], gateway: SmsGateway) -> Outcome | None:
    """A gateway that has had its texts of this minute: who waits for the next keeps their place in
    it.

    Counted under a lock and with this one in hand, so that two workers do not both take the last
    place.
    """
    with transaction.atomic():
        take_turns(f"sms {gateway.pk}")
        tried = Q(sent_at__gt=taken.at - MINUTE) | Q(state=State.IN_HAND)
        count = TextMessage.objects.filter(tried, desk=gateway.desk_id).count()
    if count <= gateway.per_minute:
        return None
    return _later(taken, kept("sms.minute"), taken.at, untried=True)


def _later(
    taken: InHand[TextMessage],
    why: str,
    again_at: datetime,
    *,
    untried: bool = False,
    is_ours: bool = False,
) -> Outcome:
    """What waits because of us is news until that is put right; not a code, which is of use for a
    while.
    """
    is_code = taken.row.purpose == "code"
    patience = None if is_ours and not is_code else CODES_TRIED_FOR if is_code else TRIED_FOR
    return Outcome(State.WAITING, why, again_at, patience, untried=untried)


def _outcome(taken: InHand[TextMessage], answer: Answer) -> Outcome:
    if answer.taken:
        return Outcome(State.HANDED_OVER)
    if not answer.again:
        return Outcome(State.GIVEN_UP, answer.reason)
    said = taken.at + timedelta(seconds=min(answer.wait_s, 3600))
    again_at = max(taken.at + pause_after(taken.row.attempts), said)
    later = _later(taken, answer.reason, again_at, is_ours=answer.ours)
    return replace(later, may_be_there=answer.may_be_there)


def _learn_of_the_gateway(gateway: SmsGateway, answer: Answer, at: datetime) -> None:
    if answer.ours or answer.perhaps_ours:
        note_trouble(SmsGateway.objects.all(), gateway, "SMS", answer.reason, at)
    elif answer.taken and gateway.trouble:
        SmsGateway.objects.filter(pk=gateway.pk).update(trouble="")


@transaction.atomic
def _record(taken: InHand[TextMessage], outcome: Outcome, provider_id: str = "") -> None:
    text, state = taken.row, settle(taken, outcome)
    if state == State.HANDED_OVER:
        record_left(text.entry, text.purpose, repeats=False, at=taken.at)
    elif state == State.GIVEN_UP:
        look_for_another_way(text, at=taken.at)
    if provider_id and text.provider_id != provider_id:
        text.provider_id = provider_id
        text.save(update_fields=["provider_id"])
    if provider_id:
        apply_kept_reports(text, at=taken.at)


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
        name = type(problem).__name__
        log.warning("the SMS gateway of %s cannot be reached: %s", gateway.desk_id, name)
        perhaps = fell_silent(problem)
        return Answer(False, reason=kept("sms.away", error=name), again=True, may_be_there=perhaps)
    except Exception as failure:
        # A template nobody foresaw: this text fails, and those behind it go on.
        log.exception("text %s could not be handed over", text.pk)
        return Answer(False, reason=kept("sms.failed", error=type(failure).__name__))
