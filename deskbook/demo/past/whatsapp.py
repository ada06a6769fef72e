"""WhatsApp in the demo: an account wired to the stand-in, conversations of the last hours, a
group's chat to pick from.
"""

import struct
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from deskbook.channels.whatsapp.accounts import Entered, keep_account
from deskbook.channels.whatsapp.capture import Pick, capture, make_reporter
from deskbook.channels.whatsapp.chat_exports import read_as, take_export
from deskbook.channels.whatsapp.models import ChatLine, WhatsAppAccount, WhatsAppIncoming
from deskbook.channels.whatsapp.receive import ingest, receive
from deskbook.demo.desk_files import said_at
from deskbook.demo.models import PhoneMessage
from deskbook.demo.said import GroupLine, Turn
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket

ACCOUNT = Entered(
    "100840000100", "+258 84 000 0100", "demo app secret", "demo access token", "demo verify token"
)
MINUTE = timedelta(minutes=1)


def make_whatsapp(helpdesk: HelpDesk, agents: list[Agent], *, at: datetime) -> None:
    """Gives the desk its number, what people wrote to it lately, and the chat of a group with one
    report logged.

    A desk whose book has no such channel gets nothing.
    """
    if desk_in_force(helpdesk).channel_of("whatsapp") is None or not agents:
        return
    account = keep_account(helpdesk, ACCOUNT, at=at, by=None)
    business = cloud_api.Business(
        ACCOUNT.phone_number_id, ACCOUNT.display_number, ACCOUNT.app_secret
    )
    said = said_at(helpdesk.key)
    for one in said.talks:
        user = cloud_api.User(one.number, one.name, one.user_id)
        for turn in one.turns:
            if turn.by_desk:
                _answered(helpdesk, user, turn, agents[0], at)
            else:
                _wrote(account, business, user, turn, at)
    _group(helpdesk, said.group, agents[0], at)


def _wrote(
    account: WhatsAppAccount,
    business: cloud_api.Business,
    user: cloud_api.User,
    turn: Turn,
    at: datetime,
) -> None:
    said_at = at - turn.ago * MINUTE
    row = PhoneMessage(
        wamid=cloud_api.new_wamid(),
        desk=account.desk.key,
        number=user.number,
        text=turn.text,
        at=said_at,
        name=user.name,
    )
    content: cloud_api.Json = {"body": turn.text}
    if turn.picture:
        row.form = "image"
        row.data = _screen()
        row.content_type = "image/png"
        row.media = f"77{turn.ago}000"
        content = cloud_api.file_content(row.media, row.content_type, row.data, caption=turn.text)
    row.save()
    webhook = cloud_api.message(business, user, row.form, content, at=said_at, wamid=row.wamid)
    receive(ingest(account, cloud_api.body_of(webhook), at=said_at).pk, at=said_at)


def _answered(
    helpdesk: HelpDesk, user: cloud_api.User, turn: Turn, agent: Agent, at: datetime
) -> None:
    came = WhatsAppIncoming.objects.filter(
        desk=helpdesk, contact__identities__identifier=f"+{user.number}"
    )
    ticket = Ticket.objects.get(pk=came.order_by("-at").values_list("ticket", flat=True)[:1])
    answer_ticket(ticket, Written(turn.text), at=at - turn.ago * MINUTE, by=agent)


def _group(helpdesk: HelpDesk, said: Sequence[GroupLine], agent: Agent, at: datetime) -> None:
    lines = [f"{at - line.ago * MINUTE:%d/%m/%Y, %H:%M} - {line.who}: {line.text}" for line in said]
    name = "Conversa do WhatsApp com SMC Nampula – supervisores.txt"
    export = take_export(helpdesk, name, "\n".join(lines).encode(), at=at, by=agent)
    if not export.order:  # before the 13th of a month the dates alone do not tell
        read_as(export, "dmy")
    first = ChatLine.objects.filter(export=export, number=2)
    capture(
        export,
        Pick(list(first), make_reporter(helpdesk, "Rosa Muianga")),
        at=at - 250 * MINUTE,
        by=agent,
    )


def _screen() -> bytes:
    """A small picture of a screen with a red band across it, as PNG (RFC 2083)."""
    width, height = 180, 260
    rows = b"".join(
        b"\0"
        + (b"\xc4\x3c\x3c" if 90 < y < 150 else b"\x20\x4a\x6e" if y < 36 else b"\xf2\xf4\xf6")
        * width
        for y in range(height)
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
