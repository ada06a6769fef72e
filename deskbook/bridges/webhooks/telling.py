"""Telling programs what happens, in order for each case, as often as it takes.

A worker that dies after a program took something and before that was recorded tells it again, under
the same webhook-id. Who does not answer is left in peace for longer after each failure, half an
hour at most, so that one dead address holds up nobody else's.
"""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from deskbook.bridges.webhooks.letters import letter_of
from deskbook.bridges.webhooks.models import Webhook, WebhookCall
from deskbook.delivery import outbox
from deskbook.delivery.outbox import InHand, Outcome, in_hand, settle
from deskbook.delivery.posting import Told, post
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.service_trouble import note_trouble
from deskbook.people.sight import is_confined
from deskbook.refusals.kept import kept
from deskbook.tickets.models import LogEntry

JOB = "tell_webhook"
LEASE = timedelta(minutes=3)
TRIED_FOR = timedelta(days=3)
MOST_AT_ONCE = 200
_SHOWN = 500
"""Characters of an answer that are kept."""


def following() -> QuerySet[Webhook]:
    """Returns the programs that are told what happens."""
    return Webhook.objects.filter(ended_at=None)


@transaction.atomic
def mirror(entry_id: int, *, at: datetime) -> None:
    """Keeps which programs are told of an entry, once however often it is asked; of a confined case
    none is.
    """
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    if is_confined(entry.ticket.desk, entry.ticket):
        return
    told = following().filter(
        Q(kinds=[]) | Q(kinds__contains=[entry.kind]), desk=entry.ticket.desk_id
    )
    for hook in told.order_by("pk"):
        _call, is_new = WebhookCall.objects.get_or_create(
            webhook=hook,
            entry=entry,
            defaults={"ticket": entry.ticket, "queued_at": at, "next_try_at": at},
        )
        if is_new:
            ask(hook)


def ask(hook: Webhook) -> None:
    """Queues the job that tells a program what waits; one at a time of each, so that one that is
    slow holds up nobody else's.
    """
    job = app.configure_task(JOB, queue="services", lock=f"{JOB} {hook.pk}")
    job.defer(webhook_id=hook.pk)


@transaction.atomic
def try_now(hook: Webhook, *, at: datetime) -> None:
    """Lets all that waits for a program be tried at once, although it did not take something a
    short time ago: somebody was there.
    """
    Webhook.objects.filter(pk=hook.pk).update(not_before=None)
    outbox.try_now(WebhookCall.objects.filter(webhook=hook), at=at)
    ask(hook)


def tell(webhook_id: int, *, at: datetime | None = None) -> int:
    """Tells a program what waits, until it does not take something; returns how many were told."""
    told = 0
    while told < MOST_AT_ONCE and _tell_next(webhook_id, at or datetime.now(UTC)):
        told += 1
    if told == MOST_AT_ONCE:
        ask(Webhook(pk=webhook_id))
    return told


def tell_due(*, at: datetime | None = None) -> int:
    """Asks for the job of each program for which something waits for another try, or was left by a
    worker that died, where none waits yet, and gives up what was tried for long enough; returns how
    many were asked for.
    """
    now = at or datetime.now(UTC)
    waiting = WebhookCall.objects.filter(state__in=LEAVES_BY_ITSELF, webhook__ended_at=None)
    give_up_old(at=now)
    due = waiting.filter(next_try_at__lte=now).exclude(webhook__not_before__gt=now)
    jobs = ProcrastinateJob.objects.filter(task_name=JOB, status="todo")
    asked = set(jobs.values_list("args__webhook_id", flat=True))
    hooks = Webhook.objects.filter(pk__in=due.values("webhook")).exclude(pk__in=asked)
    for hook in hooks.order_by("pk"):
        ask(hook)
    return len(hooks)


@transaction.atomic
def give_up_old(*, at: datetime) -> int:
    """Gives up what a program that is left in peace has not taken for TRIED_FOR, tells leads, and
    returns how many: each by a try of its own would never come to an end.
    """
    resting = Webhook.objects.filter(not_before__isnull=False, ended_at=None)
    return sum(_give_up_of(hook, at) for hook in resting.order_by("pk"))


def _give_up_of(hook: Webhook, at: datetime) -> int:
    old = hook.calls.filter(state=State.WAITING, queued_at__lte=at - TRIED_FOR)
    why = old.exclude(reason="").order_by("entry").values_list("reason", flat=True).first()
    if why:
        note_trouble(Webhook.objects.all(), hook, hook.name, why, at)
    old.filter(reason="").update(reason=kept("webhooks.others_failed"))
    return old.update(state=State.GIVEN_UP, ended_at=at, next_try_at=None)


def _tell_next(webhook_id: int, at: datetime) -> bool:
    """Tells the first that is due, outside any transaction; False when nothing more is to be
    told now.
    """
    with in_hand(_next(webhook_id, at), at=at, lease=LEASE) as taken:
        if taken is None:
            return False
        call = taken.row
        if is_confined(call.ticket.desk, call.ticket):
            settle(taken, Outcome(State.DROPPED, kept("webhooks.confined"), untried=True))
            return True
        told = post(call.webhook, letter_of(call), taken, tried_for=TRIED_FOR)
        return _record(taken, told)


def _next(webhook_id: int, at: datetime) -> QuerySet[WebhookCall]:
    """An entry waits for those before it of its case: nobody hears of the closing before the
    answer. What is told again with all of a time waits for what happens now.
    """
    earlier = WebhookCall.objects.filter(
        webhook=OuterRef("webhook"),
        ticket=OuterRef("ticket"),
        entry__lt=OuterRef("entry"),
        state__in=LEAVES_BY_ITSELF,
    )
    due = WebhookCall.objects.filter(
        ~Exists(earlier), webhook=webhook_id, next_try_at__lte=at, webhook__ended_at=None
    ).exclude(webhook__not_before__gt=at)
    now = WebhookCall.objects.filter(webhook=webhook_id, replayed=False, state__in=LEAVES_BY_ITSELF)
    first = due.filter(ticket__in=now.values("ticket"))
    chosen = first if first.exists() else due
    return chosen.select_related("webhook", "entry", "ticket__desk").order_by("entry")


@transaction.atomic
def _record(taken: InHand[WebhookCall], told: Told) -> bool:
    """Records what came of it; returns whether the next may be told now."""
    call, hook, outcome = taken.row, taken.row.webhook, told.outcome
    call.status = told.status
    call.answer = told.answer[: 4 * _SHOWN].decode(errors="replace").replace("\0", "")[:_SHOWN]
    state = settle(taken, outcome, "status", "answer")
    of_it = Webhook.objects.filter(pk=hook.pk)
    if state == State.HANDED_OVER:
        of_it.exclude(trouble="", not_before=None).update(trouble="", not_before=None)
    elif outcome.state == State.WAITING:
        of_it.update(not_before=call.next_try_at or outcome.again_at)
    if told.is_ours or state == State.GIVEN_UP:
        note_trouble(Webhook.objects.all(), hook, hook.name, outcome.why, taken.at)
    return outcome.state != State.WAITING
