"""Who may have an account: those a desk knows. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from deskbook.people.models import User
from deskbook.people.sessions import person_of
from deskbook.web.client_address import client_address
from deskbook.web.signing_in import begin_proved_session


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own adapter with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def login(self, request: HttpRequest, user: User) -> None:
        begin_proved_session(request, user)


class SignedIn(AuthenticationMiddleware):
    """Django's own, with what the session says of how far its person may go."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request))  # type: ignore[assignment]
