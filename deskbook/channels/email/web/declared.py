"""How the console names the channel."""

from django.utils.translation import gettext_lazy as _

from deskbook.web.shared.connected import OnTheWeb

DECLARED = OnTheWeb(word="email", title=_("Mail"), icon="mail")
