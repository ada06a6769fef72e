"""Why a counter may not do something, and what to do instead: a sentence for each rule of the queue."""

from django.utils.translation import gettext_lazy

from deskbook.channels.walk_in.sites import WalkInSite
from deskbook.channels.walk_in.steps import TokenRefused
from deskbook.web.public.walk_in_words import sentence

_SENTENCES = {
    "counter": gettext_lazy("There is no such counter here. Choose one of the list."),
    "services": gettext_lazy("Choose at least one service to call people for."),
    "occupied": gettext_lazy("%(who)s is at counter %(counter)s. Choose another one, or take it over."),
    "busy": gettext_lazy("%(code)s is still with you. First: served, set aside or passed on."),
    "often enough": gettext_lazy("%(code)s was called three times. Set it aside."),
    "a moment": gettext_lazy("%(code)s was called a moment ago. Give them time to come."),
    "recall first": gettext_lazy("%(code)s is set aside after three calls. Call it again first."),
    "not aside": gettext_lazy("%(code)s is not set aside any more."),
    "elsewhere": gettext_lazy("%(code)s is not with this counter any more."),
    "not open": gettext_lazy("Counter %(counter)s is not open."),
    "no ticket": gettext_lazy("Write down first who came with %(code)s and what for: each visit becomes a ticket."),
    "stood up": gettext_lazy("Counter %(counter)s was closed or taken over. Open it again to go on."),
}


def told(refused: TokenRefused, site: WalkInSite) -> str:
    """Returns the sentence for the operator; what visitors are told too is said in the same words."""
    said = _SENTENCES.get(refused.rule)
    return str(said) % refused.facts if said else sentence(refused, site)
