"""What walk-in visits are to the rest of the desk."""

from datetime import datetime, timedelta

from deskbook.channels.walk_in.models import Token
from deskbook.channels.walk_in.waits import waits
from deskbook.delivery.clearing import empty
from deskbook.delivery.connection import Connection
from deskbook.tickets.words_of_cases import Words


def _clear_origins(at: datetime) -> int:
    """Of tokens of days that nobody ended: those that are done keep none."""
    old = Token.objects.filter(day__on__lt=(at - timedelta(days=1)).date()).exclude(origin="")
    return empty(old, origin="")


DECLARED = Connection(
    word="walk-in",
    clearing={"walk-in origins": _clear_origins},
    words=(Words(Token, emptied={"phone": "", "pen": "", "contact": None}),),
    waits=waits,
)
