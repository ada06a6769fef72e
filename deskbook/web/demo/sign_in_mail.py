"""Where mails of the sign-in go in a demo: into the mailbox page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

KEPT_FOR = timedelta(days=7)


class EmailBackend(BaseEmailBackend):
    """Keeps each mail in the database, once per recipient, and sends nothing."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many mails were kept."""
        from deskbook.web.demo.models import DemoMail

        rows = [
            DemoMail(
                recipient=recipient,
                subject=mail.subject[:998],
                raw=mail.message().as_bytes(),
                kept_at=timezone.now(),
            )
            for mail in email_messages
            for recipient in mail.recipients()
        ]
        DemoMail.objects.filter(kept_at__lt=timezone.now() - KEPT_FOR).delete()
        DemoMail.objects.bulk_create(rows)
        return len(email_messages)
