"""Taking a list in: read it, show what would become of each line, then take it in whole or not at all."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deskbook.people.copying import copy_rows, take_ids_of
from deskbook.people.lists.columns import Given, Heading, Judged, Wrong, heading_of, lines_of
from deskbook.people.lists.kinds import LISTS, ListKind
from deskbook.people.lists.progress import progress_line
from deskbook.people.lists.quoting import named
from deskbook.people.lists.sheets import Unreadable, open_sheet
from deskbook.people.models import Agent
from deskbook.people.upload_models import Upload, UploadRow

BATCH = 2_000
KEPT = timedelta(days=7)
VERDICTS = ("added", "changed", "same", "wrong")
Told = Callable[[int], None]


class UploadRefused(Exception):
    """A list cannot be taken in as it stands. The text says why and what to do."""


def take_upload(by: Agent, what: str, name: str, data: bytes, *, keep_others: bool = False, at: datetime) -> Upload:
    """Stores a file as a list to be read; nothing of it is looked at yet. Raises UploadRefused."""
    if what not in LISTS:
        raise UploadRefused(_("There is no list of that kind."))
    if not data:
        raise UploadRefused(_("The file is empty."))
    return Upload.objects.create(
        desk=by.desk, what=what, by=by, name=name[:200] or what, data=data, uploaded_at=at,
        keep_others=keep_others and LISTS[what].keeps_others,
    )  # fmt: skip


def read_upload(upload_id: int, *, at: datetime) -> Upload:
    """Reads a stored list and keeps a verdict for every line; one that cannot be read says why. Repeatable."""
    upload = Upload.objects.select_related("desk", "by").get(pk=upload_id)
    if upload.state != Upload.State.READING:
        return upload
    try:
        with transaction.atomic():
            upload.rows.all().delete()
            _read(upload, LISTS[upload.what])
            upload.state = Upload.State.READ
    except (Unreadable, Wrong) as wrong:
        upload.state, upload.problem, upload.finished_at = Upload.State.FAILED, str(wrong), at
    upload.data = b"" if upload.state == Upload.State.FAILED else upload.data
    upload.save()
    return upload


def write_upload(upload_id: int, *, at: datetime) -> Upload:
    """Takes a list in, all of it in one transaction. A line that became wrong meanwhile stops it: nothing is written
    and the list is shown again. Repeatable.
    """
    upload = Upload.objects.select_related("desk", "by").get(pk=upload_id)
    if upload.state != Upload.State.WRITING:
        return upload
    try:
        with transaction.atomic():
            _write(upload, LISTS[upload.what], at)
            upload.state, upload.finished_at, upload.data = Upload.State.DONE, at, b""
            upload.save()
            upload.rows.filter(why="").delete()  # the list itself is where it belongs now
    except (UploadRefused, IntegrityError) as wrong:
        upload = Upload.objects.select_related("desk", "by").get(pk=upload_id)
        upload.state = Upload.State.READING
        upload.notes = [_("The desk changed since the list was read, so nothing was taken in: look again. %(why)s")
                        % {"why": wrong if isinstance(wrong, UploadRefused) else ""}]  # fmt: skip
        upload.save()
        return read_upload(upload_id, at=at)
    return upload


def accept_upload(upload: Upload) -> None:
    """Says that a list that was read is to be taken in. Raises UploadRefused while a line is wrong."""
    if upload.wrong:
        raise UploadRefused(
            ngettext(
                "%(count)s line is wrong: correct it in the file and upload it again. Nothing was taken in.",
                "%(count)s lines are wrong: correct them in the file and upload it again. Nothing was taken in.",
                upload.wrong,
            )
            % {"count": upload.wrong}
        )
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.READ).update(state=Upload.State.WRITING):
        raise UploadRefused(_("This list was taken in already, or is not read yet."))


def forget_old(*, at: datetime) -> None:
    """Removes lists and their lines a week after they came."""
    Upload.objects.filter(uploaded_at__lt=at - KEPT).delete()


def _read(upload: Upload, kind: ListKind) -> None:
    sheet = open_sheet(bytes(upload.data))
    heading = heading_of(kind.columns, sheet.header)
    counts: Counter[str] = Counter()
    with progress_line(upload.pk, sheet.about) as told:
        lines = lines_of(heading, sheet, keep_others=upload.keep_others)
        for batch in batches(kind.judge(upload.desk, lines)):
            counts.update(judged.verdict for judged in batch)
            _stage(upload, batch)
            told(sum(counts.values()))
    for verdict in VERDICTS:
        setattr(upload, verdict, counts[verdict])
    upload.notes = [*upload.notes, *sheet.notes, *_unknown(heading, upload.keep_others)]
    _analyse()


def _unknown(heading: Heading, kept: bool) -> list[str]:
    if not heading.unknown:
        return []
    names = {"names": named(heading.unknown)}
    if kept:
        return [_("Columns this list does not know are kept with each person or place: %(names)s.") % names]
    return [_("Columns this list does not know are left out: %(names)s.") % names]


def _stage(upload: Upload, batch: list[Judged]) -> None:
    rows = [
        UploadRow(
            pk=pk, upload_id=upload.pk, line=judged.given.line, verdict=judged.verdict, why=judged.why,
            given={"values": dict(judged.given.values), "others": dict(judged.given.others)},
        )
        for judged, pk in zip(batch, take_ids_of(UploadRow, len(batch)), strict=True)
    ]  # fmt: skip
    copy_rows(rows)


def _write(upload: Upload, kind: ListKind, at: datetime) -> None:
    done = 0
    with progress_line(upload.pk, upload.added + upload.changed + upload.same) as told:
        for batch in batches(kind.judge(upload.desk, _staged(upload))):
            wrong = next((judged for judged in batch if judged.verdict == "wrong"), None)
            if wrong is not None:
                raise UploadRefused(_("Line %(line)s: %(why)s") % {"line": wrong.given.line, "why": wrong.why})
            kind.write(upload.desk, [j.record for j in batch if j.verdict in ("added", "changed")], at=at, by=upload.by)
            done += len(batch)
            told(done)


def _staged(upload: Upload) -> Iterator[Given]:
    rows = upload.rows.order_by("line", "pk").values_list("line", "given")
    for line, given in rows.iterator(BATCH):
        yield Given(line, given["values"], given["others"])


def batches(judged: Iterable[Judged]) -> Iterator[list[Judged]]:
    """Returns the verdicts so many at a time."""
    each = iter(judged)
    while batch := list(islice(each, BATCH)):
        yield batch


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("analyze deskbook_uploadrow")
