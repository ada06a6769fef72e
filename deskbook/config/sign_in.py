"""What the product tells allauth: who may have an account, and how its second factors are kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from deskbook.people.models import User
from deskbook.people.sealing import sealed, unsealed
from deskbook.people.second_factors import WrongFactor, use_factor
from deskbook.people.sessions import person_of
from deskbook.web.client_address import client_address
from deskbook.web.security import tell
from deskbook.web.signing_in import begin_proved_session

SEALED = "gAAAAA"
"""How Fernet's tokens begin. Secrets of before were kept as they are, in base 32 or hexadecimal:
neither has a "g".
"""


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own adapter with the door for strangers closed: who has an account is somebody a
    desk knows.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        # Asked before its pages, by web/proof.py: allauth asks nobody who has no password.
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        begin_proved_session(request, user)

    def send_notification_mail(
        self, template_prefix: str, user: User, *args: Any, **kwargs: Any
    ) -> None:
        tell(user, template_prefix.rpartition("/")[2])


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors by the desk's own address, never by the Host header; their secrets sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code is wrong or was used. Type the one shown now, or a recovery code."
        ),
    }

    def encrypt(self, text: str) -> str:
        return sealed(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unsealed(encrypted_text) if encrypted_text.startswith(SEALED) else encrypted_text

    def generate_authenticator_name(self, user: User, type: str) -> str:
        return gettext("Passkey")

    def get_totp_issuer(self) -> str:
        return f"Deskbook {_host()}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": _host(), "name": "Deskbook"}


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """Takes a code of an authenticator app or a recovery code, so many times and each once."""

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            self.authenticator = use_factor(self.user, code[:40], at=timezone.now())
        except WrongFactor as wrong:
            raise ValidationError(str(wrong)) from None
        return code


class SignedIn(AuthenticationMiddleware):
    """Django's own, with what the session says of how far its person may go."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]


def _host() -> str:
    return urlsplit(settings.DESKBOOK_SITE_URL).hostname or "localhost"
