"""What WhatsApp is to the rest of the desk."""

from datetime import datetime

from django.db.models import QuerySet

from deskbook.channels.contract import Channel, Outgoing
from deskbook.channels.whatsapp import deliver, media, receive
from deskbook.channels.whatsapp.carrier import bounds, carry, last_tried, parts_of, where
from deskbook.channels.whatsapp.left_over import LEFT_OVER
from deskbook.channels.whatsapp.models import (
    ChatExport,
    WhatsAppIncoming,
    WhatsAppMedia,
    WhatsAppOutgoing,
    WhatsAppPayload,
    WhatsAppStatus,
)
from deskbook.channels.whatsapp.senders import ends_of
from deskbook.channels.whatsapp.statuses import UNDELIVERABLE
from deskbook.delivery.clearing import TOLD_KEPT, delete
from deskbook.delivery.connection import Job
from deskbook.delivery.states import LEAVES_BY_ITSELF, Taken
from deskbook.delivery.states import LEFT_OVER as NOT_ARRIVED
from deskbook.people.merging import same_person
from deskbook.tickets.models import Ticket
from deskbook.tickets.words_of_cases import Words

_BECAME = """
    select 'whatsapp', w.id, e.seq, w.purpose, w.contact_id, coalesce(nullif(c.name, ''),
        '#' || c.id), w.state, false, w.reason, w.queued_at, w.next_try_at, w.sent_at,
        w.delivered_at, w.read_at, coalesce(w.ended_at, w.tried_at), true,
        w.state = 'queued' and w.next_try_at is null,
        case when w.state = 'queued' and w.next_try_at is null then
            (case w.form when 'file' then 'files' else 'words' end)
            || (case when w.queued_at > now() - interval '14 days' then ' later' else '' end)
        else '' end
    from deskbook_whatsappoutgoing w join deskbook_logentry e on e.id = w.entry_id
        join deskbook_contact c on c.id = w.contact_id
    where w.ticket_id = %(ticket)s and e.seq = any(%(seqs)s)
"""


def _has_words_for(ticket: Ticket) -> bool:
    waits = WhatsAppOutgoing.objects.filter(
        ticket=ticket, state__in=LEAVES_BY_ITSELF, next_try_at__isnull=False
    )
    return waits.filter(contact__in=same_person(ticket.requester), message__isnull=False).exists()


def _another_way(outgoing_id: int) -> tuple[Outgoing, bool]:
    row = WhatsAppOutgoing.objects.select_related(
        "entry__ticket__desk", "ticket__desk", "contact", "message"
    ).get(pk=outgoing_id)
    outgoing = Outgoing(
        row.entry,
        row.ticket,
        row.contact,
        row.purpose,
        row.letter,
        row.language,
        row.message,
        row.ask_for_answer,
        only_files=_has_the_words(row),
    )
    return outgoing, row.code == UNDELIVERABLE


def _has_the_words(row: WhatsAppOutgoing) -> bool:
    """Whether of one text that failed in part nothing but files did."""
    tried = last_tried(parts_of(row.entry, row.contact, row.purpose))
    failed = [one for one in tried if one.state in NOT_ARRIVED]
    return bool(failed) and all(one.form == WhatsAppOutgoing.Form.FILE for one in failed)


def _clear_statuses(at: datetime) -> int:
    return delete(WhatsAppStatus.objects.filter(at__lt=at - TOLD_KEPT))


def _old_payloads(at: datetime) -> QuerySet[WhatsAppPayload]:
    """What was understood is on its cases, by its wamid: delivered once more, it does nothing."""
    return WhatsAppPayload.objects.filter(state=Taken.DONE, received_at__lt=at - TOLD_KEPT)


DECLARED = Channel(
    word="whatsapp",
    called="WhatsApp",
    carry=carry,
    where=where,
    bounds=bounds,
    rest_follows=True,
    ends=ends_of,
    another_way=_another_way,
    jobs=(
        Job("receive_whatsapp", receive.receive, "intake", True, set_aside=receive.give_up),
        Job("deliver_whatsapp", deliver.deliver_in_turn, "services", True),
        Job("fetch_whatsapp_media", media.fetch, "services", True),
        Job("tell_whatsapp_read", deliver.tell_read, "services"),
    ),
    of_desk={
        "media_id": (WhatsAppMedia, "incoming__desk"),
        "outgoing_id": (WhatsAppOutgoing, "ticket__desk"),
        "payload_id": (WhatsAppPayload, "desk"),
    },
    clearing={"whatsapp statuses": _clear_statuses},
    clears_with_bytes={"whatsapp payloads": (_old_payloads, "raw")},
    keeps=((WhatsAppPayload, "raw"), (ChatExport, "text"), (ChatExport, "archive")),
    became=_BECAME,
    has_words_for=_has_words_for,
    words=(Words(WhatsAppOutgoing), Words(WhatsAppIncoming)),
    left_over=LEFT_OVER,
    screens={"WhatsApp": "console-whatsapp-account"},
)
