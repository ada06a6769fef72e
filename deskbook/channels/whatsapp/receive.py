"""From a stored webhook to what it means: cases, answers, marks on messages, files to fetch.
Nothing is lost.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import translation
from procrastinate.contrib.django import app

from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import running_case, take_in
from deskbook.channels.whatsapp import window
from deskbook.channels.whatsapp.models import (
    WhatsAppAccount,
    WhatsAppIncoming,
    WhatsAppMedia,
    WhatsAppPayload,
)
from deskbook.channels.whatsapp.models import WhatsAppOutgoing as Outgoing
from deskbook.channels.whatsapp.payload import Arrived, NotAWebhook, parse
from deskbook.channels.whatsapp.senders import NUMBER, move, named, sender_of
from deskbook.channels.whatsapp.statuses import take_in_status
from deskbook.channels.whatsapp.wording import file_of, words_of
from deskbook.delivery.inbox import NotTakenIn, understand, why_held
from deskbook.delivery.states import LEFT_OVER, State, Taken
from deskbook.people.access import takes_part
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import normal_identifier
from deskbook.people.merging import same_person
from deskbook.people.models import Contact, HelpDesk
from deskbook.people.stopped import heed
from deskbook.people.turns import take_turns
from deskbook.refusals.kept import joined, kept
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Recorded
from deskbook.tickets.messages import Written, store_blob
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.taking_back import case_taken_back

RECEIVE_JOB = "receive_whatsapp"
FETCH_JOB = "fetch_whatsapp_media"
ANSWERS_WITHIN = timedelta(days=7)
"""Who is written to and answers without quoting means the case they were last written to about, for
so long.
"""
_JUST_BEFORE, _MOST_BEFORE = timedelta(seconds=10), 200
"""For so long a webhook that is not read holds up those behind it: one that ends its process holds
up none that is tried again.
"""
_BELIEVED = timedelta(days=2)
"""A message says when it was written; the service delivers late, but not later than this."""
_WAITS = timedelta(days=14)
"""What waited longer for the window to open is not sent any more: nobody would know what it
answers.
"""


@transaction.atomic
def ingest(account: WhatsAppAccount, raw: bytes, *, at: datetime) -> WhatsAppPayload:
    """Stores a signed webhook with the job that reads it, and returns its row; the same bytes again
    do nothing.
    """
    row, made = WhatsAppPayload.objects.get_or_create(
        desk_id=account.desk_id, raw=store_blob(raw), defaults={"received_at": at}
    )
    if made:
        WhatsAppAccount.objects.filter(pk=account.pk).update(heard_at=at)
        app.configure_task(RECEIVE_JOB, queue="intake", priority=10).defer(payload_id=row.pk)
    return row


def receive(payload_id: int, *, at: datetime | None = None) -> WhatsAppPayload:
    """Understands one stored webhook and returns its row; done twice it does nothing the second
    time. What cannot be understood is held with a sentence.

    What came just before is understood first, by this job where no other has begun: people send
    several messages in one second, and their instants do not tell which was first.
    """
    read_at = at or datetime.now(UTC)
    payloads = WhatsAppPayload.objects.select_related("desk", "raw")
    desk = payloads.values_list("desk", flat=True).get(pk=payload_id)
    before = WhatsAppPayload.objects.filter(
        desk=desk, state=Taken.NEW, pk__lt=payload_id, received_at__gt=read_at - _JUST_BEFORE
    )
    for earlier in before.order_by("pk").values_list("pk", flat=True)[:_MOST_BEFORE]:
        understand(payloads, earlier, lambda row: _understand(row, read_at))
    return understand(payloads, payload_id, lambda row: _understand(row, read_at))


def retry(row: WhatsAppPayload) -> None:
    """Makes a held webhook new again and queues its job."""
    with transaction.atomic():
        WhatsAppPayload.objects.filter(pk=row.pk).update(state=Taken.NEW, reason="")
        app.configure_task(RECEIVE_JOB, queue="intake", priority=10).defer(payload_id=row.pk)


def not_taken_in(row: WhatsAppPayload) -> list[Arrived]:
    """Returns the messages of a webhook that became nothing; none of what is no webhook."""
    try:
        arrived = parse(bytes(row.raw.data)).arrived
    except NotAWebhook:
        return []
    known = WhatsAppIncoming.objects.filter(desk=row.desk, wamid__in=[m.wamid for m in arrived])
    taken = set(known.values_list("wamid", flat=True))
    return [message for message in arrived if message.wamid not in taken]


@transaction.atomic
def file_by_hand(row: WhatsAppPayload, message: Message, at: datetime) -> None:
    """Notes which message somebody made of what a webhook brought: its files are fetched to it, and
    who wrote can be answered there.
    """
    for arrived in not_taken_in(row):
        sender = sender_of(row.desk, arrived.sender, at=at)
        if sender is None:
            continue
        came = WhatsAppIncoming.objects.create(
            desk=row.desk,
            wamid=arrived.wamid,
            payload=row,
            contact=sender,
            kind=arrived.kind,
            group=arrived.group,
            at=_said_at(arrived, at),
            ticket=message.ticket,
            message=message,
        )
        _follow(came, arrived, sender, at)
    WhatsAppPayload.objects.filter(pk=row.pk).update(state=Taken.DONE, reason="")


def give_up(payload_id: int) -> None:
    """Holds a webhook that ended every process it was read in, unless it was read after all."""
    reason = kept("channel.reading_stopped")
    WhatsAppPayload.objects.filter(pk=payload_id, state=Taken.NEW).update(
        state=Taken.HELD, reason=reason
    )


def _understand(row: WhatsAppPayload, at: datetime) -> None:
    """Each message in a transaction of its own: one the book refuses does not hold up the others of
    its batch.
    """
    webhook = parse(bytes(row.raw.data))
    account = WhatsAppAccount.objects.filter(desk=row.desk).first()
    if account and webhook.phone_number_ids - {account.phone_number_id}:
        numbers = tuple(sorted(webhook.phone_number_ids))
        raise NotTakenIn(
            kept("whatsapp.other_number", numbers=numbers, ours=account.phone_number_id)
        )
    for told in webhook.moved:
        move(row.desk, told, at=at)
    problems = []
    for message in webhook.arrived:
        try:
            with transaction.atomic():
                _take_in(row, message, at)
        except (Refused, NotTakenIn) as refused:
            problems.append(why_held(refused))
    for status in webhook.statuses:
        take_in_status(row.desk, status, at=at)
    if problems:
        row.state, row.reason = Taken.HELD, joined(*dict.fromkeys(problems))


def _take_in(row: WhatsAppPayload, message: Arrived, at: datetime) -> None:
    key = sha256(f"whatsapp {row.desk_id} {message.wamid}".encode()).hexdigest()[:48]
    take_turns(key)  # two webhooks may bring the same message at once
    if WhatsAppIncoming.objects.filter(desk=row.desk, wamid=message.wamid).exists():
        return
    sender = sender_of(row.desk, message.sender, at=at)
    if sender is None:
        raise NotTakenIn(kept("whatsapp.no_sender", message=message.wamid[:60]))
    said_at = _said_at(message, at)
    came = WhatsAppIncoming(
        desk=row.desk,
        wamid=message.wamid,
        payload=row,
        contact=sender,
        kind=message.kind,
        group=message.group,
        at=said_at,
    )
    if message.kind == "reaction" and (
        _reacts(row.desk, message) or not _has_case(row.desk, sender)
    ):
        # A sign on something unknown, from somebody without a case, asks nobody for anything.
        came.save()
        return
    if _heeded(row.desk, message, at):
        came.save()
        window.opened(sender, at=came.at)
        return
    recorded = _say(row.desk, sender, message, said_at, key)
    came.ticket, came.message = recorded.ticket, message_of(recorded)
    came.save()
    _follow(came, message, sender, at)


def _heeded(desk: HelpDesk, message: Arrived, at: datetime) -> bool:
    """Whether it asks for nothing more by WhatsApp, or for it again, and is nothing else."""
    if message.kind != "text" or message.group:
        return False
    return bool(heed(desk, NUMBER, named(message.sender), words_of(message), at=at))


def _said_at(message: Arrived, at: datetime) -> datetime:
    return min(message.at, at) if message.at and message.at > at - _BELIEVED else at


def _has_case(desk: HelpDesk, sender: Contact) -> bool:
    channel = desk_in_force(desk).channel_of("whatsapp")
    return channel is not None and running_case(sender, channel.key) is not None


def _say(
    desk: HelpDesk, sender: Contact, message: Arrived, said_at: datetime, key: str
) -> Recorded:
    channel = desk_in_force(desk).channel_of("whatsapp")
    if channel is None:
        raise NotTakenIn(kept("whatsapp.no_channel", entry="WhatsApp: { by: whatsapp }"))
    with translation.override(sender.language):
        text = _reaction_words(message) if message.kind == "reaction" else words_of(message)
        file = file_of(message)
        text = text or (file.name if file else "")
    ticket, reason = _case_of(desk, sender, message, channel.key, said_at)
    if ticket and not takes_part(sender, ticket):
        ticket = case_taken_back(ticket, sender) or ticket
    if message.group:
        reason = f"written in the group {message.group}; {reason}"
    number = normal_identifier("whatsapp", message.sender.number)
    incoming = Incoming(
        sender,
        channel.key,
        Written(text, match_reason=reason, sender=number),
        said_at,
        f"whatsapp:{key}",
        ticket=ticket,
        outsider=bool(ticket and not takes_part(sender, ticket)),
    )
    return take_in(incoming)


def _case_of(
    desk: HelpDesk, sender: Contact, message: Arrived, channel: str, said_at: datetime
) -> tuple[Ticket | None, str]:
    """The case a message belongs to, and why: what it quotes, else where the conversation
    goes on.
    """
    if message.quoted and (quoted := _quoted(desk, message.quoted)):
        return quoted, "answers a message of this case"
    running = running_case(sender, channel)
    lately = Outgoing.objects.filter(
        contact__in=same_person(sender),
        ticket__desk=desk,
        ticket__is_open=True,
        queued_at__gt=said_at - ANSWERS_WITHIN,
    )
    asked = (
        lately.exclude(state__in=LEFT_OVER)
        .select_related("ticket__desk")
        .order_by("-queued_at")
        .first()
    )
    if asked and (running is None or asked.ticket.last_activity_at > running.last_activity_at):
        return asked.ticket, "follows what the desk wrote"
    return running, "goes on with the open case" if running else ""


def _quoted(desk: HelpDesk, wamid: str) -> Ticket | None:
    for table in (
        Outgoing.objects.filter(ticket__desk=desk),
        WhatsAppIncoming.objects.filter(desk=desk),
    ):
        row = table.filter(wamid=wamid, ticket__isnull=False).select_related("ticket__desk").first()
        if row is not None:
            return row.ticket
    return None


def message_of(recorded: Recorded) -> Message | None:
    """Returns the message an act stored."""
    named = [entry.data.get("message") for entry in recorded.entries if entry.data.get("message")]
    return Message.objects.filter(pk=named[0]).first() if named else None


def _reacts(desk: HelpDesk, message: Arrived) -> bool:
    """Marks the message a sign was put on; whether it is one we know. An empty sign takes it off
    again.
    """
    part = message.content.get("reaction")
    told = part if isinstance(part, dict) else {}
    wamid = str(told.get("message_id") or "")
    sign = str(told.get("emoji") or "").replace("\x00", "")[:40]
    if not wamid:
        return False
    ours = Outgoing.objects.filter(ticket__desk=desk, wamid=wamid).update(reaction=sign)
    return bool(
        ours or WhatsAppIncoming.objects.filter(desk=desk, wamid=wamid).update(reaction=sign)
    )


def _reaction_words(message: Arrived) -> str:
    part = message.content.get("reaction")
    return str((part if isinstance(part, dict) else {}).get("emoji") or "") or words_of(message)


def _follow(came: WhatsAppIncoming, message: Arrived, sender: Contact, at: datetime) -> None:
    """What a message brings with it: the window opens, what waited for it leaves, its file is
    fetched.
    """
    if not message.group:  # what is said in a group opens no window for a message to one
        window.opened(sender, at=came.at)
        waiting = Outgoing.objects.filter(
            contact__in=same_person(sender),
            state=State.WAITING,
            next_try_at=None,
            queued_at__gt=at - _WAITS,
        )
        for pk in waiting.order_by("pk").values_list("pk", flat=True):
            Outgoing.objects.filter(pk=pk).update(queued_at=at, next_try_at=at)
            app.configure_task("deliver_whatsapp", queue="services").defer(outgoing_id=pk)
    file = file_of(message)
    if file and came.message:
        media = WhatsAppMedia.objects.create(
            incoming=came,
            media_id=file.media_id,
            name=file.name,
            content_type=file.content_type,
            sha256=file.sha256,
            asked_at=at,
        )
        app.configure_task(FETCH_JOB, queue="services").defer(media_id=media.pk)
