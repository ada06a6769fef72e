"""How much of a plan is used, in words for agents and requesters."""

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.engine.plan_parts import Quota
from deskbook.engine.quotas import PERIODS, Used, sort_in_words


def used_in_words(desk: Desk, one: Used) -> str:
    """Returns “Urgent: 1 of 2 a month”, and what becomes of the next where none is left."""
    what = sort_in_words(desk, one.quota) or _("Cases")
    said = _("{what}: {used} of {most} {period}").format(
        what=what, used=one.used, most=one.quota.most, period=_(PERIODS[one.quota.each])
    )
    return f"{said} – {beyond_in_words(one.quota)}" if one.used >= one.quota.most else said


def quota_in_words(desk: Desk, quota: Quota) -> str:
    """Returns “Urgent: 2 a month – one more is refused”."""
    what = sort_in_words(desk, quota) or _("Cases")
    said = _("{what}: {most} {period}").format(
        what=what, most=quota.most, period=_(PERIODS[quota.each])
    )
    return f"{said} – {beyond_in_words(quota)}"


def beyond_in_words(quota: Quota) -> str:
    """Returns what becomes of one more than a quota has."""
    if quota.beyond == "refused":
        return _("one more is refused")
    return _("one more is taken, beyond the plan")
