"""The words of kiosk, display and token page."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.engine.waiting import Wait, told
from deskbook.people.moments import written

SCREEN_WORDS = {
    "choose": gettext_lazy("What do you come for?"),
    "touch": gettext_lazy("Touch it and take your token."),
    "token": gettext_lazy("Your token"),
    "last": gettext_lazy("Last token called"),
    "none": gettext_lazy("Nobody was called yet"),
    "waiting": gettext_lazy("Waiting: %(count)s"),
    "place": gettext_lazy("Place in the queue: %(place)s"),
    "between": gettext_lazy("between %(low)s and %(high)s minutes"),
    "less": gettext_lazy("less than %(high)s minutes"),
    "unknown": gettext_lazy("No estimate yet"),
    "wait": gettext_lazy("Estimated wait"),
    "follow": gettext_lazy("Follow it on your phone"),
    "phone": gettext_lazy("Or take a token on your phone"),
    "print": gettext_lazy("Print"),
    "done": gettext_lazy("Done"),
    "counter": gettext_lazy("Counter %(counter)s"),
    "go": gettext_lazy("Please go to %(counter)s"),
    "call": gettext_lazy("Token %(code)s, %(counter)s"),
    "closed": gettext_lazy("Closed for visitors now"),
    "moment": gettext_lazy("One moment, please"),
    "offline": gettext_lazy(
        "The line is down. Your token counts all the same: your place is by the time you take it."
    ),
    "stopped": gettext_lazy(
        "The line has been down for more than ten minutes. Please ask for a token at a counter."
    ),
    "revoked": gettext_lazy("This kiosk was switched off. Please ask for a token at a counter."),
    "failed": gettext_lazy("That did not work. Please touch it once more."),
    "keep": gettext_lazy("Keep this number: it is called like every other."),
    "down": gettext_lazy("The line is down: what stands here may be old. Trying again."),
    "sound": gettext_lazy("Turn the voice on"),
    "now": gettext_lazy("Now called"),
    "before": gettext_lazy("Called before"),
    "language": gettext_lazy("Language"),
}
"""What the scripts of kiosk, display and token page say; %(…)s parts are filled in there."""


def opening(at: object, site: WalkInSite) -> str:
    """Returns when the site opens, on the clocks there ("Mon 23 Nov, 12:00 IST")."""
    if not isinstance(at, datetime):
        return _("at a time that is not known yet")
    with timezone.override(site.zone):
        return written(at)


def received_again(at: object, site: WalkInSite, *, over: bool) -> str:
    """Returns when visitors are received again; that they are not, where the site's dates are
    `over`.
    """
    if over:
        return _("Visitors are not received here any more.")
    return _("Visitors are received again %(opens)s") % {"opens": opening(at, site)}


def wait_in_words(wait: Wait | None) -> str:
    """Returns an estimate as a visitor reads it: always with its spread, and honest when there is
    none.
    """
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
    """Returns what the scripts of kiosk, display and token page say in a language."""
    with translation.override(language):
        return {key: str(word) for key, word in SCREEN_WORDS.items()}
