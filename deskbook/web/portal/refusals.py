"""What a requester reads when the book does not allow something: by its rule, in their language."""

from django.utils.translation import gettext as _

from deskbook.tickets.log import Refused
from deskbook.tickets.ratings import LONGEST


def in_words(refused: Refused) -> str:
    """Returns the sentence for the rule that refused; one nobody foresaw here is told as the engine says it."""
    return _of_cases().get(refused.rule) or _of_decisions().get(refused.rule) or refused.sentence


def _of_cases() -> dict[str, str]:
    return {
        "closed for good": _("This case is closed for good. If you need more help, open a new case."),
        "closed": _("This case is closed already."),
        "merged": _("This case was joined with another of yours. Write there."),
        "stage refuses": _("This cannot be done while the case stands where it does. Write to us instead."),
        "unknown value": _("One of the choices is no longer offered. Choose again."),
        "channel of severity": _("For a case this grave, call us: it is not taken in writing."),
        "named contacts": _("Only the named contacts of your organisation may do this. Ask one of them."),
        "no closed stage": _("This case cannot be closed here. Write to us instead."),
        "paper": _("This paper is not asked for any more."),
        "pace": _("That is a lot at once: wait a minute, then send it again."),
    }


def _of_decisions() -> dict[str, str]:
    return {
        "estimate": _("This estimate was already signed or declined."),
        "delivery": _("There is no delivery to confirm."),
        "seats": _("All seats of your plan are taken. Replace somebody, or ask us for more seats."),
        "replacement": _("These two cannot change places. Choose one who holds a seat and one who does not."),
        "rating value": _("Choose one of the three answers."),
        "rating too late": _("The time to rate this case is over."),
        "rating too long": _("At most {most} characters.").format(most=LONGEST),
        "past": _("This time has passed. Choose a later one."),
        "reason": _("Say why in a few words."),
        "place": _("Say where: the office and its address."),
        "visit time": _("The last day is before the first. Change one of them."),
        "visit people": _("Say how many people will be there."),
        "decided": _("This visit was decided about already. Write to us if something has changed."),
        "visit": _("This visit was changed a moment ago. Look at the case again."),
    }
