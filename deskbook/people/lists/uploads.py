"""Taking a list in: read it, show what would become of each line, then take it in whole or not at
all.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from deskbook.people.copying import copy_rows, take_ids_of
from deskbook.people.lists.batches import BATCH, in_batches
from deskbook.people.lists.columns import Given, Heading, Judged, heading_of, lines_of
from deskbook.people.lists.kinds import LISTS, ListKind
from deskbook.people.lists.progress import progress_line
from deskbook.people.lists.quoting import named
from deskbook.people.lists.sheets import open_sheet
from deskbook.people.models import Agent
from deskbook.people.upload_models import Upload, UploadRow
from deskbook.refusals.kept import kept
from deskbook.refusals.refusal import Refusal, Refused

KEPT = timedelta(days=7)
VERDICTS = ("added", "changed", "same", "wrong")
Told = Callable[[int], None]


class UploadRefused(Refused):
    """A list cannot be taken in as it stands. The sentence says why and what to do."""


def take_upload(
    by: Agent, what: str, name: str, data: bytes, *, keep_others: bool = False, at: datetime
) -> Upload:
    """Stores a file as a list to be read; nothing of it is looked at yet. Raises UploadRefused."""
    if what not in LISTS:
        raise UploadRefused("list: kind")
    if not data:
        raise UploadRefused("file: empty")
    return Upload.objects.create(
        desk=by.desk,
        what=what,
        by=by,
        name=name[:200] or what,
        data=data,
        uploaded_at=at,
        keep_others=keep_others and LISTS[what].keeps_others,
    )


def read_upload(upload_id: int, *, at: datetime) -> Upload:
    """Reads a stored list and keeps a verdict for every line; one that cannot be read says why.
    Repeatable.
    """
    upload = _without_its_file(upload_id)
    if upload.state != Upload.State.READING:
        return upload
    try:
        with transaction.atomic():
            upload.rows.all().delete()
            _read(upload, LISTS[upload.what])
            upload.state = Upload.State.READ
    except Refused as wrong:
        upload.state = Upload.State.FAILED
        upload.problem = kept(wrong.refusal)
        upload.finished_at, upload.data = at, b""
    upload.save()
    return upload


def write_upload(upload_id: int, *, at: datetime) -> Upload:
    """Takes a list in, all of it in one transaction. A line that became wrong meanwhile stops it:
    nothing is written and the list is shown again. Repeatable.
    """
    upload = _without_its_file(upload_id)
    if upload.state != Upload.State.WRITING:
        return upload
    try:
        with transaction.atomic():
            _write(upload, LISTS[upload.what], at)
            upload.state, upload.finished_at, upload.data = Upload.State.DONE, at, b""
            upload.save()
            upload.rows.filter(why="").delete()  # the list itself is where it belongs now
    except (Refused, IntegrityError) as wrong:
        upload = _without_its_file(upload_id)
        upload.state = Upload.State.READING
        why = wrong.refusal if isinstance(wrong, Refused) else ""
        upload.notes = [kept("list: changed since", why=why)]
        upload.save()
        return read_upload(upload_id, at=at)
    return upload


def _without_its_file(upload_id: int) -> Upload:
    """Returns the row; its file, which may be large, is neither read nor written back with it."""
    return Upload.objects.select_related("desk", "by").defer("data").get(pk=upload_id)


def accept_upload(upload: Upload) -> None:
    """Says that a list that was read is to be taken in. Raises UploadRefused while a line is
    wrong.
    """
    if upload.wrong:
        raise (
            UploadRefused("list: wrong line")
            if upload.wrong == 1
            else UploadRefused("list: wrong lines", count=upload.wrong)
        )
    if not Upload.objects.filter(pk=upload.pk, state=Upload.State.READ).update(
        state=Upload.State.WRITING
    ):
        raise UploadRefused("list: taken in already")


def forget_old(*, at: datetime) -> None:
    """Removes lists and their lines a week after they came."""
    Upload.objects.filter(uploaded_at__lt=at - KEPT).delete()


def _read(upload: Upload, kind: ListKind) -> None:
    [data] = Upload.objects.filter(pk=upload.pk).values_list("data", flat=True)
    sheet = open_sheet(bytes(data))
    heading = heading_of(kind.columns, sheet.header)
    keeps = _keeps(upload, kind, heading)
    counts: Counter[str] = Counter()
    with progress_line(upload.pk, sheet.about) as told:
        lines = lines_of(heading, sheet, keeps=keeps)
        for batch in in_batches(kind.judge(upload.desk, lines)):
            counts.update(judged.verdict for judged in batch)
            _stage(upload, batch)
            told(sum(counts.values()))
    for verdict in VERDICTS:
        setattr(upload, verdict, counts[verdict])
    noticed = [*sheet.notes, *_unknown(heading, keeps)]
    upload.notes = [*upload.notes, *(kept(note) for note in noticed)]
    _analyse()


def _keeps(upload: Upload, kind: ListKind, heading: Heading) -> frozenset[str]:
    """Returns which other columns are kept: all where that was asked for, else those the desk
    keeps already, which its own list has.
    """
    if upload.keep_others:
        return frozenset(heading.unknown)
    return frozenset(heading.unknown).intersection(kind.kept(upload.desk) if kind.kept else ())


def _unknown(heading: Heading, keeps: frozenset[str]) -> list[Refusal]:
    kept = [name for name in heading.unknown if name in keeps]
    left_out = [name for name in heading.unknown if name not in keeps]
    return [
        *([Refusal("list: columns kept", names=named(kept))] if kept else []),
        *([Refusal("list: columns left out", names=named(left_out))] if left_out else []),
    ]


def _stage(upload: Upload, batch: list[Judged]) -> None:
    rows = [
        UploadRow(
            pk=pk,
            upload_id=upload.pk,
            line=judged.given.line,
            verdict=judged.verdict,
            why=judged.why,
            given={"values": dict(judged.given.values), "others": dict(judged.given.others)},
        )
        for judged, pk in zip(batch, take_ids_of(UploadRow, len(batch)), strict=True)
    ]
    copy_rows(rows)


def _write(upload: Upload, kind: ListKind, at: datetime) -> None:
    done = 0
    with progress_line(upload.pk, upload.added + upload.changed + upload.same) as told:
        for batch in in_batches(kind.judge(upload.desk, _staged(upload))):
            wrong = next((judged for judged in batch if judged.verdict == "wrong"), None)
            if wrong is not None:
                raise UploadRefused("list: at line", number=str(wrong.given.line), why=wrong.why)
            kind.write(
                upload.desk,
                [j.record for j in batch if j.verdict in ("added", "changed")],
                at=at,
                by=upload.by,
            )
            done += len(batch)
            told(done)


def _staged(upload: Upload) -> Iterator[Given]:
    rows = upload.rows.order_by("line", "pk").values_list("line", "given")
    for line, given in rows.iterator(BATCH):
        yield Given(line, given["values"], given["others"])


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("analyze deskbook_uploadrow")
