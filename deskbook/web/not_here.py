"""A page that is not there, or is not for who asks: what they sent to it comes back."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found

from deskbook.people.access import Masked, NotOfTheRole, agents_of
from deskbook.people.models import Agent
from deskbook.tickets.masked import masked_words
from deskbook.web.api.problems import not_there
from deskbook.web.typed import given_back, was_typed
from deskbook.web.viewer import in_their_language, user_of


@in_their_language
def not_here(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says that a page is not there, or not for its reader; with the words they sent to it."""
    if request.path.startswith("/api/"):
        return not_there(request, exception)
    if was_typed(request):
        return given_back(request, _why(request, exception), HTTPStatus.NOT_FOUND)
    if isinstance(exception, Masked):
        told = {"told": masked_words(exception.ticket)}
        return render(request, "404.html", told, status=HTTPStatus.NOT_FOUND, using="jinja2")
    return page_not_found(request, exception)


def _why(request: HttpRequest, exception: Exception) -> str:
    """Says of nothing but its reader whether it exists, and what is not theirs by role alone."""
    if isinstance(exception, Masked):
        return masked_words(exception.ticket)
    if isinstance(exception, NotOfTheRole):
        return _("Your role at this desk does not allow this.")
    user, desk = user_of(request), request.POST.get("at_desk", "").replace("\x00", "")
    lost = user and Agent.objects.filter(user=user, desk__key=desk).select_related("desk").first()
    if user and lost and not agents_of(user).filter(pk=lost.pk).exists():
        return _("You do not work at {desk} any more.").format(desk=lost.desk.title)
    return _("This page does not exist, or it is not for you to see.")
