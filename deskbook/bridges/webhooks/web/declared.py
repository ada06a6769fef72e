"""Webhooks on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.bridges.webhooks.web import webhooks
from deskbook.web.shared.connected import OnTheWeb

_ALL = "console/connections/webhooks/"
_ONE = f"{_ALL}<int:row>/"

DECLARED = OnTheWeb(
    title=_("Webhooks"),
    settings="console-webhooks",
    means=_("Programs of your own that are told what happens: of which kinds, each chooses."),
    addresses=(
        path(_ALL, webhooks.webhooks, name="console-webhooks"),
        path(_ONE, webhooks.webhook, name="console-webhook"),
        path(f"{_ONE}secret", webhooks.secret_of, name="console-webhook-secret"),
        path(f"{_ONE}ending", webhooks.ending, name="console-webhook-ending"),
        path(f"{_ONE}replay", webhooks.replayed, name="console-webhook-replay"),
        path(f"{_ALL}calls/<int:call>/again", webhooks.again, name="console-webhook-again"),
    ),
)
