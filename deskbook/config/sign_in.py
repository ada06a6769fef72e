"""Who may have an account: those a desk knows. Nobody signs up by themselves."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import RequestLoginCodeForm
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """allauth's own adapter with the door for strangers closed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class CodeForm(RequestLoginCodeForm):  # type: ignore[misc]
    """Asks for a code. Contacts a mail made known, copied-in people for example, get their user only now."""

    def clean_email(self) -> str:
        from deskbook.people.contacts import give_sign_ins

        give_sign_ins(self.cleaned_data["email"])
        return str(super().clean_email())
