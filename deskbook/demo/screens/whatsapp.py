"""The phones of the demo: write to a desk by WhatsApp as somebody, and see its answers arrive."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from procrastinate.contrib.django import app

from deskbook.channels.whatsapp.models import WhatsAppAccount
from deskbook.demo.models import PhoneMessage
from deskbook.demo.screens.graph import READ, TELL_JOB, WROTE
from deskbook.demo.stand_ins import cloud_api
from deskbook.people.contacts import contact_by
from deskbook.people.models import ContactIdentity
from deskbook.web.viewer import in_their_language

MOST_PHONES = 12
MOST_SHOWN = 60
LARGEST = 5 * 1024 * 1024
PICTURES = {"image/jpeg": "image", "image/png": "image"}


@dataclass(frozen=True, slots=True)
class Phone:
    desk: str
    title: str
    number: str
    name: str


@in_their_language
def phones_at_hand(request: HttpRequest) -> HttpResponse:
    """The phones of people who wrote to a desk, and a place to begin with another number."""
    accounts = WhatsAppAccount.objects.select_related("desk").order_by("desk__title")
    number = re.sub(r"[\s()+-]", "", request.GET.get("number", ""))
    if number.isdecimal() and 6 < len(number) < 16 and accounts:
        return redirect(
            "demo-whatsapp-phone", request.GET.get("desk") or accounts[0].desk.key, number
        )
    desks = [(account.desk.key, account.desk.title) for account in accounts]
    phones = [phone for account in accounts for phone in _phones(account)]
    return render(
        request, "demo/whatsapp.html", {"desk": "WhatsApp", "phones": phones, "desks": desks}
    )


@require_http_methods(["GET", "POST"])
@in_their_language
def phone_at_hand(request: HttpRequest, desk: str, number: str) -> HttpResponse:
    """One phone: what was said, and a line to write."""
    account = get_object_or_404(WhatsAppAccount.objects.select_related("desk"), desk__key=desk)
    if not number.isdecimal() or len(number) > 15:
        raise Http404("no such phone")
    if request.method == "POST":
        problem = _write(request, desk, number)
        if problem:
            messages.error(request, problem)
        return redirect("demo-whatsapp-phone", desk, number)
    known = contact_by(account.desk, "whatsapp", f"+{number}")
    phone = Phone(desk, account.desk.title, number, known.name if known else f"+{number}")
    return render(
        request,
        "demo/whatsapp_phone.html",
        {"desk": "WhatsApp", "phone": phone, "said": _read(desk, number)},
    )


@require_safe
@in_their_language
def thread(request: HttpRequest, desk: str, number: str) -> HttpResponse:
    """What was said, to be looked at again and again."""
    return render(request, "demo/_whatsapp_thread.html", {"said": _read(desk, number)})


@require_safe
def picture(request: HttpRequest, picture: int) -> HttpResponse:
    row = get_object_or_404(PhoneMessage, pk=picture, content_type__in=PICTURES)
    return HttpResponse(bytes(row.data or b""), content_type=row.content_type)


def _phones(account: WhatsAppAccount) -> list[Phone]:
    known = ContactIdentity.objects.filter(desk=account.desk, channel="whatsapp").select_related(
        "contact"
    )
    return [
        Phone(account.desk.key, account.desk.title, one.identifier.lstrip("+"), str(one.contact))
        for one in known.order_by("contact__name")[:MOST_PHONES]
    ]


def _read(desk: str, number: str) -> Sequence[PhoneMessage]:
    """Returns what was said on a phone; looking at it reads it, and the desk is told so."""
    rows = (
        PhoneMessage.objects.filter(desk=desk, number=number)
        .defer("data")
        .order_by("-at", "-pk")[:MOST_SHOWN]
    )
    shown = list(reversed(rows))
    for row in shown:
        if row.from_desk and row.read_at is None:
            row.read_at = timezone.now()
            row.save(update_fields=["read_at"])
            app.configure_task(TELL_JOB, queue="services").defer(message_id=row.pk, what=READ)
    return shown


def _write(request: HttpRequest, desk: str, number: str) -> str:
    """Sends what was typed; returns what is wrong with it instead, if something is."""
    text = request.POST.get("text", "").strip()[: cloud_api.TEXT_LIMIT]
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        file = None
    if not text and file is None:
        return _("Write something, or add a picture.")
    if file is not None and ((file.size or 0) > LARGEST or file.content_type not in PICTURES):
        return _("Choose a picture (JPEG or PNG) of up to 5 MB.")
    row = PhoneMessage(
        wamid=cloud_api.new_wamid(), desk=desk, number=number, text=text, at=timezone.now()
    )
    if file is not None:
        row.form, row.data, row.content_type = "image", file.read(), file.content_type or ""
        row.media = str(uuid4().int)[:16]
    row.save()
    app.configure_task(TELL_JOB, queue="services").defer(message_id=row.pk, what=WROTE)
    return ""
