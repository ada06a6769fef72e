"""Mail on the web."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from deskbook.channels.email.web import mailboxes
from deskbook.web.shared.connected import OnTheWeb

_ALL = "console/connections/mail/"

DECLARED = OnTheWeb(
    word="email",
    title=_("Mail"),
    icon="mail",
    settings="console-mailboxes",
    means=_("Mailboxes at Microsoft 365 and Google, which take no password: let the desk in."),
    addresses=(
        path(_ALL, mailboxes.mailboxes, name="console-mailboxes"),
        path(f"{_ALL}connect", mailboxes.connect, name="console-mailbox-connect"),
        path(f"{_ALL}back", mailboxes.back, name="console-mailbox-back"),
        path(f"{_ALL}ending", mailboxes.ending, name="console-mailbox-ending"),
    ),
)
