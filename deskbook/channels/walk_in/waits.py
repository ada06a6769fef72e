"""How long visitors waited for their token to be called, for who plans how many counters there
are.
"""

from collections.abc import Iterator
from datetime import datetime

from deskbook.channels.walk_in.models import Token
from deskbook.engine.desk import Desk
from deskbook.people.models import HelpDesk
from deskbook.simulation.patience import Waited


def waits(
    helpdesk: HelpDesk, desk: Desk, from_at: datetime, until_at: datetime
) -> Iterator[Waited]:
    """Yields each token taken between two instants that was called, or given back before that. Who
    was called and not there is taken for having gone by then; who waited when the day was ended had
    patience for so long.
    """
    channel = desk.channel_of("walk-in")
    tokens = Token.objects.filter(day__desk=helpdesk, taken_at__gte=from_at, taken_at__lt=until_at)
    if channel is None:
        return
    for state, taken_at, called_at, done_at in tokens.values_list(
        "state", "taken_at", "called_at", "done_at"
    ).iterator():
        if ends_at := called_at or done_at:
            left = state in (Token.State.ASIDE, Token.State.GIVEN_BACK)
            yield Waited(channel.key, ends_at - taken_at, gave_up=left)
