"""The telephone on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.phone.web import hooks, telephone
from deskbook.web.shared.connected import OnTheWeb

DECLARED = OnTheWeb(
    word="phone",
    title=_("Phone"),
    icon="phone",
    settings="console-telephone",
    means=_("Telephone systems that tell of calls: who calls is shown, missed calls are kept."),
    addresses=(
        path("hooks/calls/<slug:key>/", hooks.standard, name="call-hook"),
        path("hooks/calls/<slug:key>/twilio/", hooks.twilio, name="call-hook-twilio"),
        path("hooks/calls/<slug:key>/exotel/<str:token>/", hooks.exotel, name="call-hook-exotel"),
        path("console/telephone/", telephone.telephone, name="console-telephone"),
        path(
            "console/telephone/<int:source>/ending",
            telephone.telephone_end,
            name="console-telephone-end",
        ),
    ),
)
