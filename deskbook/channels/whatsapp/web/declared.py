"""WhatsApp on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.whatsapp.web import account, hook
from deskbook.web.shared.connected import OnTheWeb

DECLARED = OnTheWeb(
    word="whatsapp",
    title="WhatsApp",
    icon="whatsapp",
    settings="console-whatsapp-account",
    means=_("A number of the desk's own, by the Cloud API of Meta."),
    addresses=(
        path("hooks/whatsapp/<slug:desk>/", hook.whatsapp_hook, name="whatsapp-hook"),
        path("console/whatsapp/account", account.account, name="console-whatsapp-account"),
        path("console/whatsapp/media", account.media, name="console-whatsapp-media"),
    ),
)
