"""Codes that sign somebody in, in a mail that came: it may quote ours, and what is kept of it is read by the desk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from deskbook.channels.email.mail import ParsedMail
from deskbook.people.accounts import ALPHABET
from deskbook.people.shown_codes import end_shown

STRUCK_OUT = "····-····"
_GROUP = f"[{ALPHABET}]{{4}}"
_CODE = re.compile(rf"(?<![A-Za-z0-9]){_GROUP}(?:-?{_GROUP}){{1,2}}(?![A-Za-z0-9])")
_MOST_READ = 200_000
_MOST_CODES = 200


def without_codes(mail: ParsedMail, *, at: datetime) -> ParsedMail:
    """Returns a mail with the codes of ours struck out that may sign somebody in; they do so no more.

    They are known by themselves, not by what the mail says it answers: who carries one on says nothing of that. Files
    are kept as they came.
    """
    files = (file.content[:_MOST_READ].decode("latin-1") for file in mail.attachments)
    parts = [part[:_MOST_READ] for part in (mail.subject, mail.text, mail.html or "", mail.only_in_html, *files)]
    found = dict.fromkeys(match[0] for part in parts for match in _CODE.finditer(part))
    ended = end_shown(list(found)[:_MOST_CODES], at=at)
    if not ended:
        return mail

    def struck(text: str) -> str:
        return _CODE.sub(lambda match: STRUCK_OUT if match[0] in ended else match[0], text)

    html = None if mail.html is None else struck(mail.html)
    text, only_in_html = struck(mail.text), struck(mail.only_in_html)
    return replace(mail, subject=struck(mail.subject), text=text, html=html, only_in_html=only_in_html)
