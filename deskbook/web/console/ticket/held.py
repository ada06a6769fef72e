"""That a freeze holds a case, on its page."""

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.people.moments import written


def on_ticket(desk: Desk, state: TicketState) -> str:
    """Returns the sentence on the page of a ticket that is held, or nothing."""
    known = next((f for f in desk.freezes if f.key == state.held_by), None)
    if known is None or state.pick_up_at is None:
        return ""
    what = {"freeze": known.title, "when": written(state.pick_up_at, year=True)}
    return _("Held by “%(freeze)s”: it is picked up by itself on %(when)s.") % what
