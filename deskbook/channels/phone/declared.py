"""What the telephone is to the rest of the desk: nothing is written by it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from deskbook.channels.phone.models import Call, CallEvent
from deskbook.channels.phone.waits import waits
from deskbook.delivery.clearing import TOLD_KEPT, empty
from deskbook.delivery.connection import Connection
from deskbook.tickets.words_of_cases import Words


def _clear_events(at: datetime) -> int:
    """The rows stay: they say what was told of a call, so that it is not taken twice."""
    old = CallEvent.objects.filter(received_at__lt=at - TOLD_KEPT).exclude(told={})
    return empty(old, told={})


DECLARED = Connection(
    word="phone",
    called=_("phone"),
    clearing={"call events": _clear_events},
    words=(
        Words(CallEvent, "call__ticket", {"told": {}}),
        Words(Call, emptied={"number": "", "contact": None, "recording_url": ""}),
    ),
    waits=waits,
)
