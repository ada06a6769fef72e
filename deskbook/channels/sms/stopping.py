"""The one text that leaves after somebody asked for no more."""

from datetime import datetime, timedelta

from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.models import IncomingText
from deskbook.channels.sms.writing import END, NewText, queue_text
from deskbook.people.contacts import contact_by
from deskbook.people.limits import too_often
from deskbook.people.mobiles import NoText

MOST_CONFIRMED = 3
"""Ends of one number in a day that are confirmed: two machines may be talking."""


def confirm_end(row: IncomingText, number: str, *, at: datetime) -> None:
    """Queues the one text that leaves after the end: that it is one, and how to begin again. None
    where the book has no wording for it.
    """
    if gateway_of(row.desk) is None:
        return
    if too_often(f"end of {row.desk_id} {number}", MOST_CONFIRMED, timedelta(days=1), at=at):
        return
    known = contact_by(row.desk, "sms", number) or contact_by(row.desk, "phone", number)
    language = known.language if known and known.language else "en"
    told = {"desk": row.desk.title, "number": number}
    try:
        queue_text(row.desk, NewText(f"end {row.pk}", number, END, told, language), at=at)
    except NoText:
        return
