"""Who may have an account: those the desk made one for. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own adapter with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
