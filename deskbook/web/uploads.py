"""Files sent with a form: their limits, and keeping them while the form is corrected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.channels.email.attachments import safe_name
from deskbook.people.limits import there_is_room
from deskbook.people.models import User
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refusal
from deskbook.tickets.drafts import draft_at, keep_draft
from deskbook.tickets.kept_files import KeptFile, files_in, listed
from deskbook.tickets.log import recorded_before
from deskbook.tickets.messages import store_blob

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_TOGETHER = 25 * 1024 * 1024
MOST_FILES = 10
MOST_A_DAY = 500_000_000
"""Bytes of one requester."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one form takes: files, and bytes of each, of all together, and of one person's forms in
    a day.
    """

    most: int = MOST_FILES
    each: int = LARGEST_FILE
    together: int = LARGEST_TOGETHER
    a_day: int = MOST_A_DAY


OF_REQUESTERS = Limits()
OF_AGENTS = Limits(most=50, each=LARGEST_TOGETHER, a_day=5_000_000_000)
ONE_FILE = Limits(most=1)
"""A new one takes the place of the one that was kept."""


@dataclass(frozen=True, slots=True)
class Uploads:
    """The files of one sending: those within the limits, and a sentence about the others."""

    kept: tuple[KeptFile, ...]
    error: str = ""


def take_uploads(
    request: HttpRequest, user: User, place: str, within: Limits, *, key: str | None
) -> Uploads:
    """Stores the files of this request beside those ticked from before, and remembers them under
    the draft's place.

    A file that is ticked and not kept any more is said to be missing, unless what has `key` was
    done already: that took it along.
    """
    ticked, before = set(request.POST.getlist("kept")), kept_files(user, place)
    waited = [file for file in before if file.sha256 in ticked]
    fresh = list[KeptFile]()
    problems = list[str]()
    if ticked - {file.sha256 for file in before} and not recorded_before(key):
        gone = _(
            "A file that was kept is not there any more. Choose it again, or send this without it."
        )
        problems.append(gone)
    for number, upload in enumerate(request.FILES.getlist("files"), start=1):
        others = [*_beside(upload, waited, within), *fresh]
        if problem := _problem(upload, others, within) or _of_today(upload, user, within):
            problems.append(problem)
        else:
            waited, fresh = _beside(upload, waited, within), [*fresh, _keep(upload, number)]
    if before or waited or fresh:
        remember_files(user, place, [*waited, *fresh])
    return Uploads((*waited, *fresh), " ".join(problems))


def _of_today(upload: "UploadedFile[bytes]", user: User, within: Limits) -> str:
    too_much = too_much_today([upload], user, within)
    return in_words(too_much) if too_much else ""


def _beside(
    upload: "UploadedFile[bytes]", waited: Sequence[KeptFile], within: Limits
) -> list[KeptFile]:
    """What waited and stays beside a new file: not what it takes the place of, the one of its name
    or the only one.

    Of files chosen together none does: telephones call every picture the same.
    """
    return [file for file in waited if within.most > 1 and file.name != upload.name]


def kept_files(user: User, place: str) -> list[KeptFile]:
    """Returns the files remembered with a draft."""
    draft = draft_at(user.pk, place)
    return files_in(draft.fields) if draft else []


def remember_files(user: User, place: str, files: Sequence[KeptFile]) -> None:
    """Remembers files with a draft, in place of those remembered before; the draft is made if there
    is none.
    """
    keep_draft(user, place, {"files": listed(files)})


def limits(within: Limits = OF_REQUESTERS) -> str:
    """Returns the limits as a sentence for the form."""
    return _("Up to {count} files, {each} each, {together} together.").format(
        count=within.most, each=_megabytes(within.each), together=_megabytes(within.together)
    )


def _megabytes(size: int) -> str:
    return f"{size // 2**20}\N{NO-BREAK SPACE}MB"


def _problem(upload: "UploadedFile[bytes]", others: Sequence[KeptFile], within: Limits) -> str:
    size = upload.size or 0
    if not size:
        return _("“{name}” is empty. Choose it again, or leave it out.").format(name=upload.name)
    if size > within.each:
        return _(
            "“{name}” has {size}; a file may have {most}. Send a smaller one, or part of it."
        ).format(name=upload.name, size=filesizeformat(size), most=_megabytes(within.each))
    if len(others) >= within.most or size + sum(file.size for file in others) > within.together:
        return _("“{name}” was not added: {limits} Send it with your next message.").format(
            name=upload.name, limits=limits(within)
        )
    return ""


def too_much_today(
    files: Sequence["UploadedFile[bytes]"], user: User, within: Limits
) -> Refusal | None:
    """Counts files that are about to be stored, and returns why they may not be; then none of them
    is counted.

    All forms of a person share one day: a refused form is stored as well, and may be sent again
    without an end.
    """
    of_them, size = [(f"uploads of {user.pk}", within.a_day)], sum(file.size or 0 for file in files)
    has_room = there_is_room(of_them, size, timedelta(days=1), at=timezone.now())
    return None if has_room else Refusal("files: a day’s worth")


def _keep(upload: "UploadedFile[bytes]", number: int) -> KeptFile:
    content_type = upload.content_type or "application/octet-stream"
    blob = store_blob(upload.read())
    return KeptFile(
        blob.sha256, safe_name(upload.name or "", content_type, number), content_type, blob.size
    )
