"""Mail leaves by a server that is signed in to by a token."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp

from deskbook.channels.email.by_token import Bearer, mechanism_of
from deskbook.channels.email.tokens import access_token, doubt_token


class EmailBackend(smtp.EmailBackend):
    """Django's, which knows passwords alone. `token` is tried instead of the one that is kept."""

    def __init__(self, *given: Any, token: str = "", **named: Any) -> None:
        super().__init__(*given, **named)
        self._token = token

    def open(self) -> bool | None:
        """Opens a connection and signs in to it, as Django's does."""
        if self.connection:
            return False
        user, self.username = self.username, ""  # nothing is signed in by Django
        try:
            # Asked for first: no server waits while the provider is asked.
            bearer = Bearer(user, self.host, int(self.port), self._token or access_token(user))
            opened = super().open()
            if self.connection is not None:
                self._sign_in(self.connection, bearer)
        except smtplib.SMTPAuthenticationError:
            if not self._token:  # one that is tried says nothing of the one that is kept
                doubt_token(user)
            raise
        finally:
            self.username = user
        return opened

    def _sign_in(self, connection: smtplib.SMTP, bearer: Bearer) -> None:
        try:
            connection.ehlo_or_helo_if_needed()
            offered = connection.esmtp_features.get("auth", "").upper().split()
            mechanism = mechanism_of(offered)
            connection.auth(mechanism, lambda challenge=None: bearer.said(mechanism, challenge))
        except (OSError, smtplib.SMTPException):
            self.connection = None
            with suppress(OSError, smtplib.SMTPException):
                connection.close()
            raise
