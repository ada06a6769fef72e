"""What is done on a case, by its forms."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.people.access import NoAccess
from deskbook.people.models import Contact
from deskbook.web.portal.left import taken_from_outside
from deskbook.web.viewer import P, for_requesters


def acts_on_a_case(
    act: Callable[Concatenate[HttpRequest, Contact, str, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Gives what a form of `/desk/<key>/cases/<number>/` does the contact its viewer is.

    Whoever only opens its address is led to the case: signing in leads there who was signed out
    while they wrote, and their draft is on the case. Who was taken out of it while they wrote
    loses nothing either.
    """

    @wraps(act)
    def done(
        request: HttpRequest, contact: Contact, /, number: str, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if request.method == "POST":
            try:
                return act(request, contact, number, *args, **kwargs)
            except NoAccess:
                return taken_from_outside(request, contact, number)
        messages.info(request, _("Nothing was sent. Look at what stands here, and send it again."))
        return redirect("portal-case", contact.desk.key, number)

    return require_http_methods(["GET", "HEAD", "POST"])(for_requesters(done))
