"""Capture from WhatsApp: a chat is pasted or uploaded, looked through page by page, and messages
are picked.
"""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbook.channels.whatsapp.capture import captured
from deskbook.channels.whatsapp.chat_exports import MOST_BYTES, example_of, read_as, take_export
from deskbook.channels.whatsapp.models import ChatExport, ChatLine, WhatsAppPayload
from deskbook.delivery.states import Taken
from deskbook.people.access import may, of_desk
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.sight import hidden_from
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import store_blob
from deskbook.tickets.models import Blob
from deskbook.web.acts.whom import words_of
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.uploads import OF_AGENTS, too_much_today

_SALT = "deskbook.whatsapp.shared"
PAGE = 50
FEW = 8
"""Messages of a paste that need no list: they are picked already."""
ORDERS = ("dmy", "mdy", "ymd")


class Given(Pressed):
    """A chat that is pasted, or names a file that was shared; which of day and month comes first
    in it.
    """

    text, shared, order = Sent(strip=False), Sent(), Sent()


@require_http_methods(["GET", "POST"])
@for_agents
def chats(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A place to paste or upload, and the chats of the last week."""
    given, file = Given(request), request.FILES.get("file")
    text = given("text")
    if request.method == "GET":
        return _home(request, agent, text=text[:50_000])
    try:
        if isinstance(file, UploadedFile):
            _refuse_too_large(file)
            _refuse_past_a_day(file, agent)
            return _taken(agent, text, file)
        return _taken(agent, text, _file_shared(given("shared"), agent))
    except Refused as refused:
        return _home(request, agent, text=text, error=in_words(refused), status=422)


@csrf_exempt
@require_POST
@for_agents
def shared(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What a phone shares with the desk (the share target of its manifest): it brings no token of
    ours.

    The browser has to say that it, and no page, started the request. Even then nothing is read: the
    form comes back filled in, and who sends it off sends our token with it.
    """
    if request.headers.get("Sec-Fetch-Site") != "none":
        return _home(
            request,
            agent,
            error=_("Share from the phone itself, or paste the text here."),
            status=403,
        )
    text, file = Given(request)("text"), request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        return _home(request, agent, text=text[:50_000])
    try:
        kept = _kept(file, agent)
    except Refused as refused:
        return _home(request, agent, text=text[:50_000], error=in_words(refused), status=422)
    return _home(request, agent, text=text[:50_000], shared=kept, name=file.name or "")


@require_http_methods(["GET", "POST"])
@for_agents
def chat(request: HttpRequest, agent: Agent, chat: int) -> HttpResponse:
    """One page of a chat, its latest first asked for; or the question which of day and month comes
    first.
    """
    export = of_desk(agent, ChatExport.objects.select_related("desk", "by__user"), chat)
    if request.method == "POST":
        return _ordered(request, export)
    if not export.order:
        return _home_of(request, agent, export, "whatsapp/order.html", example=example_of(export))
    lines, more = _page(request, export)
    known, hidden = captured(agent.desk, lines), hidden_from(agent)
    shown = [
        (line, known.get(line.mark), ticket_url(known[line.mark], {}) if line.mark in known else "")
        for line in lines
        if line.mark not in known or not hidden.hides(known[line.mark])
    ]
    first, last = (lines[0].number, lines[-1].number) if lines else (0, 0)
    return _home_of(
        request,
        agent,
        export,
        "whatsapp/chat.html",
        lines=shown,
        words=request.GET.get("q", ""),
        more=more,
        first=first,
        last=last,
        earlier=bool(lines) and first > 1,
        later=bool(lines) and last < export.messages,
    )


@require_safe
@for_agents
def manifest(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Lets a phone install the console, and share chats with it from WhatsApp."""
    told = {
        "name": agent.desk.title,
        "short_name": agent.desk.title[:12],
        "start_url": reverse("console"),
        "display": "standalone",
        "icons": [{"src": static("mark.svg"), "sizes": "any", "type": "image/svg+xml"}],
        "share_target": {
            "action": reverse("console-shared"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "text": "text",
                "files": [
                    {"name": "file", "accept": ["text/plain", ".txt", "application/zip", ".zip"]}
                ],
            },
        },
    }
    return JsonResponse(told, content_type="application/manifest+json")


def _page(request: HttpRequest, export: ChatExport) -> tuple[list[ChatLine], bool]:
    """Fifty messages: those after or before a number, those that hold the words, else the
    latest.
    """
    rows: QuerySet[ChatLine] = ChatLine.objects.filter(export=export)
    for word in words_of(request.GET.get("q", "")):
        rows = rows.filter(Q(text__icontains=word) | Q(sender__icontains=word))
    after, before = _number(request.GET.get("after", "")), _number(request.GET.get("before", ""))
    if after is not None:
        found = list(rows.filter(number__gt=after).order_by("number")[: PAGE + 1])
        return found[:PAGE], len(found) > PAGE
    if before is not None:
        rows = rows.filter(number__lt=before)
    found = list(rows.order_by("-number")[: PAGE + 1])
    return found[:PAGE][::-1], len(found) > PAGE


def _kept(file: "UploadedFile[bytes]", agent: Agent) -> str:
    """Keeps a shared file until its form is sent, and returns what names it there."""
    _refuse_too_large(file)
    _refuse_past_a_day(file, agent)
    return signing.dumps(
        [agent.pk, store_blob(file.read()).sha256, (file.name or "")[:200]], salt=_SALT
    )


def _file_shared(shared: str, agent: Agent) -> "UploadedFile[bytes] | None":
    """Returns the file a form names that this agent shared within the hour; None where it names
    none.
    """
    if not shared:
        return None
    try:
        by, sha256, name = signing.loads(shared, salt=_SALT, max_age=timedelta(hours=1))
    except signing.BadSignature:
        by = sha256 = name = ""
    blob = Blob.objects.filter(pk=sha256).first() if by == agent.pk else None
    if blob is None:
        raise Refused("chat export: not shared")
    return SimpleUploadedFile(name or "chat", bytes(blob.data))


def _refuse_too_large(file: "UploadedFile[bytes]") -> None:
    if (file.size or 0) > MOST_BYTES:
        raise Refused(
            "chat export: large upload", name=str(file.name), most=MOST_BYTES // 1_048_576
        )


def _refuse_past_a_day(file: "UploadedFile[bytes]", agent: Agent) -> None:
    if too_much := too_much_today([file], agent.user, OF_AGENTS):
        raise Refused(too_much)


def _taken(agent: Agent, text: str, file: "UploadedFile[bytes] | None") -> HttpResponse:
    if file is None and not text.strip():
        raise Refused("chat export: nothing")
    name, data = (file.name or _("Chat"), file.read()) if file else (_("Pasted"), text.encode())
    export = take_export(agent.desk, name, data, at=timezone.now(), by=agent)
    address = reverse("console-export", args=[export.pk])
    if file is None and 0 < export.messages <= FEW:
        picked = ChatLine.objects.filter(export=export).exclude(sender="").order_by("number")
        query = "&".join(f"line={number}" for number in picked.values_list("number", flat=True))
        address = (
            f"{reverse('console-export-picks', args=[export.pk])}?{query}" if query else address
        )
    return HttpResponseRedirect(address)


def _ordered(request: HttpRequest, export: ChatExport) -> HttpResponse:
    order = Given(request)("order")
    if order in ORDERS:
        try:
            read_as(export, order)
        except Refused as refused:
            messages.error(request, in_words(refused))
    return HttpResponseRedirect(reverse("console-export", args=[export.pk]))


def _home(
    request: HttpRequest,
    agent: Agent,
    *,
    text: str = "",
    error: str = "",
    status: int = 200,
    shared: str = "",
    name: str = "",
) -> HttpResponse:
    recent = (
        ChatExport.objects.filter(desk=agent.desk_id)
        .select_related("by__user")
        .order_by("-taken_at")[:20]
    )
    held = WhatsAppPayload.objects.filter(desk=agent.desk_id, state=Taken.HELD).count()
    return screen(
        request,
        agent,
        "whatsapp/chats.html",
        current="whatsapp",
        status=status,
        text=text,
        error=error,
        shared=shared,
        name=name,
        recent=recent,
        held=held,
        owns=may(agent, "connect gateways"),
    )


def _home_of(
    request: HttpRequest, agent: Agent, export: ChatExport, template: str, **more: Any
) -> HttpResponse:
    return screen(request, agent, template, current="whatsapp", export=export, **more)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None
