"""Writing to the desk from the demo's mailbox: real mails, to the listener's own port."""

import smtplib
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deskbook.demo.screens.mailbox import find, parsed, show
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk
from deskbook.web.uploads import LARGEST_FILE
from deskbook.web.viewer import in_their_language

SECONDS_TO_WAIT = 10


class NotSent(Exception):
    """The mail did not get out; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of somebody outside."""

    from_: str
    to: str
    subject: str
    text: str


@require_POST
@in_their_language
def reply(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Answers a kept mail as its recipient's mail program would."""
    found, typed = find(kind, number), request.POST.get("text", "")
    asked = parsed(found)
    to = parseaddr(str(asked.get("Reply-To") or asked.get("From") or ""))[1]
    subject = found.subject if found.subject.lower().startswith("re:") else f"Re: {found.subject}"
    if not typed.strip():
        return show(request, found, error=_("Write something, or add a file."), status=422)
    try:
        quoted = "\n".join(f"> {line}" for line in _plain(asked).splitlines())
        letter = _composed(
            Letter(found.recipient, to, subject, f"{typed.strip()}\n\n{quoted}\n"), request
        )
        _thread(letter, asked)
        _send(letter, found.recipient, to)
    except NotSent as problem:
        return show(request, found, typed=typed, error=str(problem), status=502)
    messages.success(request, _("Sent to {address}. The desk has it.").format(address=to))
    return redirect("demo-mailbox")


@in_their_language
def write(request: HttpRequest) -> HttpResponse:
    """Writes a new mail to a desk, as anybody."""
    desks = [
        address
        for desk in HelpDesk.objects.order_by("title")
        for address in desk_in_force(desk).mail
    ]
    names = ("from", "to", "subject", "text")
    values = {name: request.POST.get(name, "").strip() for name in names}
    values["from"] = values["from"] or request.GET.get("from", "")
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _wrong(values, desks)
        try:
            if not errors:
                letter = Letter(values["from"], values["to"], values["subject"], values["text"])
                _send(_composed(letter, request), values["from"], values["to"])
                messages.success(
                    request, _("Sent to {address}. The desk has it.").format(address=values["to"])
                )
                return redirect("demo-mailbox")
        except NotSent as problem:
            errors = {"": str(problem)}
    context = {
        "desk": _("Demo mailbox"),
        "values": values,
        "errors": errors,
        "desks": [(a, a) for a in desks],
    }
    return render(request, "demo/write.html", context, status=422 if errors else 200)


def _wrong(values: dict[str, str], desks: list[str]) -> dict[str, str]:
    errors = {}
    try:
        validate_email(values["from"])
    except ValidationError:
        errors["from"] = _("Write an e-mail address like chitra@example.org.")
    if values["to"] not in desks:
        errors["to"] = _("Choose one of the answers.")
    if not values["text"]:
        errors["text"] = _("Write something, or add a file.")
    return errors


def _composed(letter: Letter, request: HttpRequest) -> EmailMessage:
    mail = EmailMessage(policy=policy.SMTP)
    try:
        mail["From"], mail["To"] = letter.from_, letter.to
        mail["Subject"] = " ".join(letter.subject.split())
    except (ValueError, MessageError) as problem:
        raise NotSent(
            _("This cannot stand in a mail: {problem}").format(problem=problem)
        ) from problem
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(domain="demo.deskbook.example")
    mail.set_content(letter.text)
    for upload in request.FILES.getlist("files"):
        if (upload.size or 0) > LARGEST_FILE:
            raise NotSent(_("“{name}” is too large.").format(name=upload.name))
        main, _slash, sub = (upload.content_type or "application/octet-stream").partition("/")
        mail.add_attachment(
            upload.read(), maintype=main, subtype=sub or "octet-stream", filename=upload.name
        )
    return mail


def _thread(letter: EmailMessage, asked: EmailMessage) -> None:
    answered = str(asked.get("Message-ID", "")).strip()
    if answered:
        letter["In-Reply-To"] = answered
        known = str(asked.get("References", "")).split()
        letter["References"] = " ".join(dict.fromkeys([*known, answered]))


def _plain(asked: EmailMessage) -> str:
    part = asked.get_body(("plain",))
    return str(part.get_content()) if part else ""


def _send(mail: EmailMessage, from_: str, to: str) -> None:
    if settings.DESKBOOK_SMTP_LISTEN is None:
        raise NotSent(
            _(
                "The desk takes no mail by SMTP here (DESKBOOK_SMTP_LISTEN is off). Your text is"
                " kept."
            )
        )
    host, port = settings.DESKBOOK_SMTP_LISTEN
    try:
        with smtplib.SMTP(host, port, timeout=SECONDS_TO_WAIT) as server:
            server.send_message(mail, from_, [to])
    except (OSError, smtplib.SMTPException) as problem:
        raise NotSent(
            _(
                "The desk's mail listener at {place} did not take it: {problem}. Your text is kept;"
                " try again."
            ).format(place=f"{host}:{port}", problem=problem)
        ) from problem
