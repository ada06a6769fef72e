"""Texts of the demo: a gateway for each desk whose book has texts, and what lately went to
phones.
"""

from datetime import datetime, timedelta

from deskbook.channels.sms.models import SmsGateway, TextMessage
from deskbook.channels.sms.presets import FIELDS, PRESETS
from deskbook.channels.sms.writing import worded
from deskbook.delivery.states import State
from deskbook.people.books import desk_in_force
from deskbook.people.mobiles import mobile_of
from deskbook.people.models import HelpDesk
from deskbook.people.text_parts import parts_of
from deskbook.refusals.kept import kept
from deskbook.tickets.models import LogEntry

KEPT = 12


def keep_texts(helpdesk: HelpDesk, *, at: datetime) -> None:
    """Connects a gateway nobody answers at, and keeps the texts of the last acknowledgements. A few
    failed.
    """
    desk = desk_in_force(helpdesk)
    if not any(template.channel == "sms" for template in desk.templates):
        return
    values = {name: PRESETS["exotel"].values[name] for name in FIELDS}
    SmsGateway.objects.create(
        desk=helpdesk,
        preset="exotel",
        sender=helpdesk.prefix.ljust(6, "H")[:6],
        account="demo",
        report_token=f"demo-{helpdesk.key}",
        per_minute=6_000,
        changed_at=at,
        **values,
    )
    told = LogEntry.objects.filter(ticket__desk=helpdesk, kind="Acknowledged").select_related(
        "ticket__requester"
    )
    texts = [
        text
        for n, entry in enumerate(told.order_by("-at", "-pk")[:KEPT])
        if (text := _text(helpdesk, entry, n))
    ]
    TextMessage.objects.bulk_create(texts)


def _text(helpdesk: HelpDesk, entry: LogEntry, number: int) -> TextMessage | None:
    reader, ticket = entry.ticket.requester, entry.ticket
    mobile = mobile_of(reader)
    template = desk_in_force(helpdesk).template("acknowledgement", "sms", reader.language)
    if mobile is None or template is None:
        return None
    words, failed = worded(template, {"ticket": f"{helpdesk.prefix}-{ticket.number}"}), number == 3
    return TextMessage(
        desk=helpdesk,
        key=f"demo {entry.pk}",
        number=mobile,
        text=words,
        purpose="acknowledgement",
        language=template.language,
        registered=template.registered,
        parts=parts_of(words).count,
        ticket=ticket,
        entry=entry,
        state=State.BOUNCED if failed else (State.DELIVERED if number else State.HANDED_OVER),
        attempts=1,
        reason=kept("sms.reports", words="failed DND") if failed else "",
        provider_id=f"demo-{entry.pk}",
        queued_at=entry.at,
        sent_at=entry.at + timedelta(seconds=3),
        ended_at=entry.at + timedelta(seconds=9),
    )
