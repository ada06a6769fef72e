"""Texts on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.sms.web import gateway, hook, latest
from deskbook.web.shared.connected import OnTheWeb

DECLARED = OnTheWeb(
    word="sms",
    title="SMS",
    icon="phone",
    settings="console-text-gateway",
    means=_("Texts to phones, in the book's registered wordings, by the gateway you have."),
    addresses=(
        path("hooks/sms/<str:key>/", hook.sms_hook, name="sms-hook"),
        path("hooks/sms/<str:key>/<str:token>/", hook.sms_hook, name="sms-hook-token"),
        path("console/texts/", latest.texts, name="console-texts"),
        path("console/texts/gateway", gateway.gateway, name="console-text-gateway"),
        path("console/texts/gateway/test", gateway.test_text, name="console-text-test"),
    ),
)
