"""The mailbox of a demo: every mail that did not leave, to read and to answer."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from deskbook.channels.email.html import sanitise
from deskbook.channels.email.models import OutboundMail
from deskbook.delivery.states import State
from deskbook.demo.models import KeptMail
from deskbook.web.viewer import in_their_language

MOST = 100
FRAMED = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'"
)
SHOWN = (
    "From",
    "To",
    "Cc",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A mail in the box. `kind` is "desk" (of a ticket) or "account" (a sign-in code)."""

    kind: str
    id: int
    recipient: str
    subject: str
    at: datetime
    raw: bytes = b""


@in_their_language
def mailbox(request: HttpRequest) -> HttpResponse:
    """Lists what was kept, the newest first, of everybody or of one recipient."""
    to = request.GET.get("to", "").strip().lower()
    return render(
        request, "demo/mailbox.html", {"desk": _("Demo mailbox"), "mails": kept(to), "to": to}
    )


@in_their_language
def mail(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Shows one mail with its headers and a form that answers it as its recipient would."""
    return show(request, find(kind, number))


@xframe_options_sameorigin
def body(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """Gives the HTML of a mail for a frame that runs nothing and loads nothing."""
    part = parsed(find(kind, number)).get_body(("html",))
    if part is None:
        raise Http404("no HTML in it")
    response = HttpResponse(sanitise(str(part.get_content())))
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def show(
    request: HttpRequest, found: Kept, *, typed: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """Returns the page of one mail; what was typed and could not be sent stays."""
    letter = parsed(found)
    text = letter.get_body(("plain",))
    context = {
        "desk": _("Demo mailbox"),
        "mail": found,
        "text": str(text.get_content()) if text else "",
        "has_html": letter.get_body(("html",)) is not None,
        "headers": [(name, value) for name in SHOWN for value in letter.get_all(name, ())],
        "files": [
            part.get_filename() or part.get_content_type() for part in letter.iter_attachments()
        ],
        "typed": typed,
        "error": error,
    }
    return render(request, "demo/mail.html", context, status=status)


def kept(to: str) -> list[Kept]:
    """Returns the newest mails that did not leave, to one recipient if one is named."""
    of_desks = OutboundMail.objects.filter(state=State.HANDED_OVER).order_by("-queued_at")
    of_accounts = KeptMail.objects.order_by("-kept_at")
    if to:
        of_desks = of_desks.filter(recipient__iexact=to)
        of_accounts = of_accounts.filter(recipient__iexact=to)
    listed = [
        *(
            Kept("desk", *row)
            for row in of_desks.values_list("pk", "recipient", "subject", "queued_at")[:MOST]
        ),
        *(
            Kept("account", *row)
            for row in of_accounts.values_list("pk", "recipient", "subject", "kept_at")[:MOST]
        ),
    ]
    return sorted(listed, key=lambda mail: mail.at, reverse=True)[:MOST]


def find(kind: str, number: int) -> Kept:
    """Returns one kept mail with its bytes; Http404 when there is none."""
    if kind == "desk":
        row = get_object_or_404(OutboundMail, pk=number, state=State.HANDED_OVER)
        return Kept(kind, row.pk, row.recipient, row.subject, row.queued_at, bytes(row.raw))
    own = get_object_or_404(KeptMail, pk=number)
    return Kept(kind, own.pk, own.recipient, own.subject, own.kept_at, bytes(own.raw))


def parsed(found: Kept) -> EmailMessage:
    """Returns a kept mail as Python reads it."""
    return BytesParser(policy=policy.default).parsebytes(found.raw)
