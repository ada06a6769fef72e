"""A person's own name, language and zone."""

from zoneinfo import available_timezones

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from deskbook.people.access import NoAccess, contacts_of
from deskbook.people.anonymous import gives_no_name
from deskbook.people.models import User
from deskbook.web.portal.language import remember, write_language
from deskbook.web.shared.fields import Choice, Line
from deskbook.web.shared.forms import Form, sent
from deskbook.web.viewer import in_their_language, user_of

OTHERS = ("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/")


class ProfileForm(Form):
    """A person's own name, language and zone."""

    name = Line(_("Name"), autocomplete="name", most=200)
    language = Choice(
        _("Language"),
        hint=_("Pages and mails are in this language."),
        options=settings.LANGUAGES,
    )
    zone = Choice(
        _("Time zone"),
        hint=_("Times are shown in this zone, always with its name."),
        blank=_("As the desk"),
    )

    def __init__(self, user: User, data: QueryDict | None) -> None:
        super().__init__(data)
        self.begin_with(language=user.language or translation.get_language())
        self.begin_as(user, "name", "zone")
        self.offer("zone", [(zone, zone.replace("_", " ")) for zone in zones()])

    def clean(self) -> None:
        if self.cleaned_data["zone"] not in {"", *available_timezones()}:
            self.add_error("zone", _("Choose one of the zones."))


@login_required
@in_their_language
def profile(request: HttpRequest) -> HttpResponse:
    """Shows the profile; keeps what was changed. Empty zone: times are shown in the desk's. Who
    gives no name has none: by it they would be called whatever they like.
    """
    user = user_of(request)
    assert user is not None  # login_required
    if gives_no_name(user):
        raise NoAccess("no profile without a name")
    form = ProfileForm(user, sent(request))
    if not form.is_valid():
        context = {"desk": "Deskbook", "form": form}
        return render(request, "portal/profile.html", context, status=form.status)
    _write(user, form.cleaned_data)
    with translation.override(form("language")):
        messages.success(request, str(_("Saved.")))
    response = redirect("profile")
    remember(response, form("language"))
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
