"""Other systems on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.app.web import hook, systems
from deskbook.web.shared.connected import OnTheWeb

_SYSTEMS = "console/connections/systems/"

DECLARED = OnTheWeb(
    word="app",
    title=_("Other systems"),
    settings="console-app-systems",
    means=_(
        "Systems that open and follow cases for their people: a login page, a complaints form."
    ),
    addresses=(
        path("hooks/app/<slug:desk>/<slug:system>/", hook.app_hook, name="app-hook"),
        path(_SYSTEMS, systems.systems, name="console-app-systems"),
        path(f"{_SYSTEMS}<int:system>/secret", systems.new_secret, name="console-app-secret"),
        path(f"{_SYSTEMS}<int:system>/address", systems.address, name="console-app-address"),
        path(f"{_SYSTEMS}<int:system>/ending", systems.ending, name="console-app-ending"),
    ),
)
