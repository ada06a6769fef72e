"""The first sign-in, by the one-time code of a card; later ones are by mailed code."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from deskbook.people.accounts import use_code
from deskbook.web.sign_in import Asked
from deskbook.web.signing_in import begin_first_session
from deskbook.web.viewer import in_their_language


@never_cache
@in_their_language
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in by a code, once. A wrong one is not told from one that was used."""
    error, code = "", ""
    if request.method == "POST":
        code = Asked(request).mailed_code
        agent = use_code(code, at=timezone.now())
        if agent is not None:
            begin_first_session(request, agent)
            return HttpResponseRedirect(reverse("console"))
        error = _(
            "This code does not work. It may be used, or older than two weeks: ask your lead for a"
            " new one."
        )
    context = {"desk": "Deskbook", "here": "sign in", "error": error, "code": code}
    return render(request, "account/first_sign_in.html", context, status=422 if error else 200)
