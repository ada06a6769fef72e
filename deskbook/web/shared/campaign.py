"""What a desk of a campaign says outside its dates."""

from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from deskbook.engine.campaign import campaign_of
from deskbook.engine.desk import Desk
from deskbook.web.times import by_instant


def outside_dates(desk: Desk, *, at: datetime) -> SafeString | str:
    """Returns why nobody answers now, for a desk whose campaign has not begun or is over; else
    nothing.
    """
    campaign = campaign_of(desk)
    state = campaign.state(at=at) if campaign else "on"
    if campaign is None or state == "on":
        return ""
    if state == "before":
        return by_instant(
            _("This desk begins its work {when}. What you write now is read then."),
            campaign.from_at,
        )
    return by_instant(
        _("This desk ended its work {when}. What you write is kept, and nobody answers."),
        campaign.until_at,
    )
