"""A person's own name, language and zone."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.people.access import contacts_of
from deskbook.people.models import User
from deskbook.web.portal.language import remember, write_language
from deskbook.web.viewer import in_their_language, user_of

OTHERS = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")
LONGEST_NAME = 200


@login_required
@in_their_language
def profile(request: HttpRequest) -> HttpResponse:
    """Shows the profile; keeps what was changed. Empty zone: times are shown in the desk's."""
    user = user_of(request)
    assert user is not None  # login_required
    if request.method != "POST":
        return _form(
            request,
            {
                "name": user.name,
                "language": user.language or translation.get_language(),
                "zone": user.zone,
            },
            {},
        )
    values = {name: request.POST.get(name, "").strip() for name in ("name", "language", "zone")}
    errors = _wrong(values)
    if errors:
        return _form(request, values, errors)
    _write(user, values)
    with translation.override(values["language"]):
        messages.success(request, _("Saved."))
    response = redirect("profile")
    remember(response, values["language"])
    return response


def zones() -> list[str]:
    """Returns the names of zones people know: continent and city, without those kept for old
    programs.
    """
    return sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(OTHERS)
    )


def _write(user: User, values: dict[str, str]) -> None:
    User.objects.filter(pk=user.pk).update(name=values["name"], zone=values["zone"])
    known = contacts_of(user)
    known.update(zone=values["zone"])
    if values["name"]:
        known.update(name=values["name"])
    write_language(user, values["language"])


def _wrong(values: dict[str, str]) -> dict[str, str]:
    errors = {}
    if len(values["name"]) > LONGEST_NAME:
        errors["name"] = _("At most {most} characters.").format(most=LONGEST_NAME)
    if values["language"] not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of the languages.")
    if values["zone"] and values["zone"] not in available_timezones():
        errors["zone"] = _("Choose one of the zones.")
    return errors


def _form(request: HttpRequest, values: dict[str, str], errors: dict[str, str]) -> HttpResponse:
    context = {
        "desk": "Deskbook",
        "values": values,
        "errors": errors,
        "zones": [(zone, zone.replace("_", " ")) for zone in zones()],
        "languages": settings.LANGUAGES,
    }
    return render(request, "portal/profile.html", context, status=422 if errors else 200)
