"""The mail server of a demo: it takes every mail and sends none; /demo/mailbox/ shows them."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp
from django.utils import timezone

KEPT_FOR = timedelta(days=7)


class _Server(smtplib.SMTP):
    """Whoever hands over a mail hears that it was taken."""

    def sendmail(self, *mail: Any, **options: Any) -> dict[str, tuple[int, bytes]]:
        return {}

    def quit(self) -> tuple[int, bytes]:
        return 221, b"Bye"


class EmailBackend(smtp.EmailBackend):
    """Keeps each mail of accounts, once per recipient. The letters of desks stand among what they
    sent.
    """

    def open(self) -> bool:
        self.connection = _Server()  # of no host: it connects to nothing
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many mails were kept."""
        from deskbook.demo.models import KeptMail

        rows = [
            KeptMail(
                recipient=recipient,
                subject=mail.subject[:998],
                raw=mail.message().as_bytes(),
                kept_at=timezone.now(),
            )
            for mail in email_messages
            for recipient in mail.recipients()
        ]
        KeptMail.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()
        KeptMail.objects.bulk_create(rows)
        return len(email_messages)
