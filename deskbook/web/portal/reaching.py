"""How a desk is reached from the page about it: where that leads on to."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.engine.desk import Desk
from deskbook.web.policy.parts import Linked
from deskbook.web.portal.anonymous import takes_nameless


def ways_on(request: HttpRequest, desk: Desk) -> tuple[Linked, ...]:
    """Returns where its articles are and, where the book has the portal, the way in."""
    articles = Linked(_("Articles"), reverse("articles", args=[desk.key]))
    if desk.channel_of("portal") is None:
        return (articles,)
    nameless = Linked(_("Write without a name"), reverse("portal-anonymous", args=[desk.key]))
    words = _("Your cases") if request.user.is_authenticated else _("Sign in")
    return (
        articles,
        Linked(words, reverse("portal-cases", args=[desk.key])),
        *([nameless] if takes_nameless(desk) else []),
    )
