"""The words of kiosk, display and token page."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.engine.waiting import Wait, told
from deskbook.people.moments import written


def opening(at: object, site: WalkInSite) -> str:
    """Returns when the site opens, on the clocks there ("Mon 23 Nov, 12:00 IST")."""
    if not isinstance(at, datetime):
        return _("at a time that is not known yet")
    with timezone.override(site.zone):
        return written(at)


def wait_in_words(wait: Wait | None) -> str:
    """Returns an estimate as a visitor reads it: always with its spread, and honest when there is none."""
    if wait is None:
        return _("No estimate yet")
    low, high = told(wait)
    if low == 0:
        return _("less than %(high)s minutes") % {"high": high}
    return _("between %(low)s and %(high)s minutes") % {"low": low, "high": high}


def counter_name(counter: str) -> str:
    """Returns what a counter is called: one that has only a number is "Counter 1"."""
    return _("Counter %(counter)s") % {"counter": counter} if counter.isdecimal() else counter


def screen_words(language: str) -> dict[str, str]:
    """Returns what the scripts of kiosk, display and token page say; %(…)s parts are filled in there."""
    with translation.override(language):
        return {
            "choose": _("What do you come for?"),
            "touch": _("Touch it and take your token."),
            "token": _("Your token"),
            "last": _("Last token called"),
            "none": _("Nobody was called yet"),
            "waiting": _("Waiting: %(count)s"),
            "place": _("Place in the queue: %(place)s"),
            "between": _("between %(low)s and %(high)s minutes"),
            "less": _("less than %(high)s minutes"),
            "unknown": _("No estimate yet"),
            "wait": _("Estimated wait"),
            "follow": _("Follow it on your phone"),
            "phone": _("Or take a token on your phone"),
            "print": _("Print"),
            "done": _("Done"),
            "counter": _("Counter %(counter)s"),
            "go": _("Please go to %(counter)s"),
            "call": _("Token %(code)s, %(counter)s"),
            "closed": _("Closed for visitors now"),
            "again": _("Visitors are received again %(opens)s"),
            "moment": _("One moment, please"),
            "offline": _("The line is down. Your token counts all the same: your place is by the time you take it."),
            "stopped": _("The line has been down for more than ten minutes. Please ask for a token at a counter."),
            "revoked": _("This kiosk was switched off. Please ask for a token at a counter."),
            "failed": _("That did not work. Please touch it once more."),
            "keep": _("Keep this number: it is called like every other."),
            "down": _("The line is down: what stands here may be old. Trying again."),
            "sound": _("Turn the voice on"),
            "now": _("Now called"),
            "before": _("Called before"),
            "language": _("Language"),
        }
