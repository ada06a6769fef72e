"""How much of a plan is used, in words for agents and requesters."""

from datetime import timedelta

from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.engine.plan_parts import Quota
from deskbook.engine.quotas import PERIODS, Used, sort_in_words
from deskbook.web.times import worked

_WARNED_FROM = 0.8
"""Of the work a plan includes."""


def _of_period() -> str:
    return _("{what}: {used} of {most} {period}")


def used_in_words(desk: Desk, one: Used) -> str:
    """Returns “Urgent: 1 of 2 a month”, or “Work: 7 h 30 min of 10 h a month”, that little is left
    of work from four fifths on, and what becomes of the next where none is left.
    """
    pattern = _("{what}: {used} of {most} open") if one.quota.at_a_time else _of_period()
    said = pattern.format(
        what=_what(desk, one.quota),
        used=_much(one.quota, one.used),
        most=_much(one.quota, one.quota.most),
        period=_(PERIODS[one.quota.each]),
    )
    if one.used >= one.quota.most:
        return f"{said} – {beyond_in_words(desk, one.quota)}"
    is_low = one.quota.timed and one.used >= _WARNED_FROM * one.quota.most
    return f"{said} – {_('little is left')}" if is_low else said


def quota_in_words(desk: Desk, quota: Quota) -> str:
    """Returns “Urgent: 2 a month – one more is refused”."""
    open_ones, of_period = _("{what}: {most} open at a time"), _("{what}: {most} {period}")
    pattern = open_ones if quota.at_a_time else of_period
    said = pattern.format(
        what=_what(desk, quota), most=_much(quota, quota.most), period=_(PERIODS[quota.each])
    )
    return f"{said} – {beyond_in_words(desk, quota)}"


def beyond_in_words(desk: Desk, quota: Quota) -> str:
    """Returns what becomes of one more than a quota has, or of what comes when its time is used."""
    if quota.timed:
        refused, taken = _("then cases are refused"), _("then cases are beyond the plan")
        return refused if quota.beyond == "refused" else taken
    if quota.beyond == "refused":
        return _("one more is refused")
    if quota in desk.limits:
        return _("one more is taken, and marked")
    return _("one more is taken, beyond the plan")


def _what(desk: Desk, quota: Quota) -> str:
    sort = sort_in_words(desk, quota)
    if not quota.timed:
        return sort or _("Cases")
    return _("Work on {sort}").format(sort=sort) if sort else _("Work")


def _much(quota: Quota, count: int) -> str:
    return worked(timedelta(minutes=count)) if quota.timed else str(count)
