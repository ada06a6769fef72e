"""Lists as files: uploaded, looked through, and taken in whole or not at all."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from procrastinate.contrib.django import app

from deskbook.people.access import of_desk, only_who_may
from deskbook.people.lists.columns import ListColumn, as_heading
from deskbook.people.lists.kept_columns import kept_columns
from deskbook.people.lists.kinds import LISTS
from deskbook.people.lists.sheets import MOST_BYTES
from deskbook.people.lists.uploads import UploadRefused, accept_upload, take_upload
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.upload_models import Upload, UploadProgress
from deskbook.web.console.shared.frame import screen, watched
from deskbook.web.shared.downloads import csv_download
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Sent, Tick
from deskbook.web.shared.forms import Pressed
from deskbook.web.uploads import OF_AGENTS, too_much_today

SHOWN = 50
VERDICTS = ("wrong", "added", "changed", "same")


class Given(Pressed):
    """What a list is of, and whether columns nobody knows are kept."""

    what, keep_others = Sent(), Tick()


@for_agents
def lists(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Leads: a file to upload, which columns it may have, and the lists of the last week."""
    only_who_may(agent, "upload lists")
    given = Given(request)
    what = given("what") or request.GET.get("what", "contacts")
    error = ""
    if request.method == "POST":
        try:
            return _taken(request, agent, what, keep_others=given("keep_others"))
        except UploadRefused as refused:
            error = in_words(refused)
    recent = Upload.objects.filter(desk=agent.desk_id).defer("data").select_related("by__user")
    return screen(
        request,
        agent,
        "people/lists.html",
        current="settings",
        status=422 if error else 200,
        error=error,
        what=what if what in LISTS else "contacts",
        kinds=LISTS,
        recent=recent.order_by("-uploaded_at")[:20],
    )


@require_safe
@for_agents
def upload(request: HttpRequest, agent: Agent, upload: int) -> HttpResponse:
    """How far a list is, and then what would become of its lines; asked by htmx only that part."""
    only_who_may(agent, "upload lists")
    found = _upload(agent, upload)
    verdict = _verdict(request.GET.get("show", ""), found)
    rows = found.rows.filter(verdict=verdict).order_by("line", "pk")[: SHOWN + 1]
    far = UploadProgress.objects.filter(upload_id=found.pk).first()
    return watched(
        request,
        agent,
        "people/upload.html",
        "people/_upload.html",
        current="settings",
        busy=found.is_busy,
        upload=found,
        kind=LISTS[found.what],
        far=far,
        verdict=verdict,
        rows=rows[:SHOWN],
        more=len(rows) > SHOWN,
        columns=_columns(found),
        counts=[(name, getattr(found, name)) for name in VERDICTS],
        noticed=_noticed(found),
    )


@require_POST
@for_agents
def taking_in(request: HttpRequest, agent: Agent, upload: int) -> HttpResponse:
    """Takes a list in; a worker does it."""
    only_who_may(agent, "upload lists")
    found = _upload(agent, upload)
    try:
        with transaction.atomic():
            accept_upload(found)
            app.configure_task("write_upload", queue="reactions").defer(upload_id=found.pk)
    except UploadRefused as refused:
        messages.error(request, in_words(refused))
    return HttpResponseRedirect(reverse("console-list", args=[found.pk]))


@require_safe
@for_agents
def wrong_csv(request: HttpRequest, agent: Agent, upload: int) -> FileResponse:
    """The wrong lines with why, as a file to correct."""
    only_who_may(agent, "upload lists")
    found = _upload(agent, upload)
    known, wrong = LISTS[found.what].columns, found.rows.filter(verdict="wrong")
    columns, kept = [column.key for column in known], kept_columns(wrong, "given__others")
    return csv_download(
        "wrong-lines.csv",
        [*columns, *(as_heading(known, name) for name in kept), _("line"), _("what is wrong")],
        (
            [
                *(row.given["values"].get(name, "") for name in columns),
                *(row.given["others"].get(name, "") for name in kept),
                row.line,
                in_words(row.why),
            ]
            for row in wrong.order_by("line", "pk").iterator(2_000)
        ),
    )


def _taken(request: HttpRequest, agent: Agent, what: str, *, keep_others: bool) -> HttpResponse:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise UploadRefused("file: none")
    if (file.size or 0) > MOST_BYTES:
        raise UploadRefused("file: large")
    if too_much := too_much_today([file], agent.user, OF_AGENTS):
        raise UploadRefused(too_much)
    with transaction.atomic():
        stored = take_upload(
            agent,
            what,
            file.name or "",
            file.read(),
            keep_others=keep_others,
            at=timezone.now(),
        )
        app.configure_task("read_upload", queue="reactions").defer(upload_id=stored.pk)
    return HttpResponseRedirect(reverse("console-list", args=[stored.pk]))


def _upload(agent: Agent, number: int) -> Upload:
    return of_desk(agent, Upload.objects.defer("data").select_related("by__user"), number)


def _verdict(asked: str, found: Upload) -> str:
    """Which lines are shown: those asked for, else what there is to see to first."""
    if asked in VERDICTS:
        return asked
    if found.wrong:
        return "wrong"
    return "added" if found.added else "changed"


def _noticed(found: Upload) -> int:
    return found.rows.exclude(verdict="wrong").exclude(why="").count()


def _columns(found: Upload) -> list[ListColumn]:
    """Returns the columns the file has: of the others there is nothing to look at."""
    first = found.rows.order_by("pk").first()
    given = first.given["values"] if first else {}
    return [column for column in LISTS[found.what].columns if column.key in given]
