"""DIGIT on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.digit.web import doors, hook
from deskbook.web.shared.connected import OnTheWeb

_DOORS = "console/connections/digit/"

DECLARED = OnTheWeb(
    title="DIGIT",
    settings="console-digit",
    means=_("Complaints of DIGIT's apps become cases here, and the apps see how they stand."),
    addresses=(
        path(
            "hooks/digit/<slug:desk>/<slug:door>/pgr-services/v2/request/<slug:what>",
            hook.digit_request,
            name="digit-hook",
        ),
        path(_DOORS, doors.doors, name="console-digit"),
        path(f"{_DOORS}<int:door>/", doors.door, name="console-digit-door"),
        path(f"{_DOORS}<int:door>/token", doors.new_token, name="console-digit-token"),
        path(f"{_DOORS}<int:door>/ending", doors.ending, name="console-digit-ending"),
    ),
)
