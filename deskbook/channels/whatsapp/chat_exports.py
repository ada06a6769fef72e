"""Exported chats that people give the desk: read once, kept for a week, shown page by page."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError, Q

from deskbook.channels.whatsapp.chat_text import Line, Order, OrderUnknown, read_chat
from deskbook.channels.whatsapp.models import ChatExport, ChatLine
from deskbook.engine.wall_time import zone_named
from deskbook.people.books import desk_in_force
from deskbook.people.copying import copy_rows, take_ids_of
from deskbook.people.models import Agent, HelpDesk
from deskbook.refusals.refusal import Refused
from deskbook.tickets.messages import File, store_blob
from deskbook.tickets.models import Attachment, Blob

KEPT_FOR = timedelta(days=7)
MB = 1_048_576
MOST_BYTES = 60 * 1024 * 1024
MOST_TEXT = 30 * 1024 * 1024
MOST_MESSAGES = 200_000
MOST_ENTRIES = 5_000
LARGEST_FILE = 16 * 1024 * 1024
_AT_ONCE = 20_000
_MOST_FORGOTTEN = 20
"""Chats in one go: the rest is forgotten a minute later."""
_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "opus": "audio/ogg",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "3gp": "video/3gpp",
}


@transaction.atomic
def take_export(desk: HelpDesk, name: str, data: bytes, *, at: datetime, by: Agent) -> ChatExport:
    """Keeps an exported chat, .txt or .zip with its files, or what was copied from one; returns it.

    Where the dates can be read both ways its `order` is empty and `read_as` reads it. Raises
    Refused.
    """
    if len(data) > MOST_BYTES:
        raise Refused("chat export: large", most=MOST_BYTES // MB)
    is_zip = data[:4] == b"PK\x03\x04"
    text = _text_in(data) if is_zip else data
    export = ChatExport.objects.create(
        desk=desk,
        by=by,
        name=name[:200],
        taken_at=at,
        text=store_blob(text),
        archive=store_blob(data) if is_zip else None,
    )
    with suppress(OrderUnknown):  # then a person says which it is
        _read(export, text, None)
    return ChatExport.objects.select_related("desk", "by__user").get(pk=export.pk)


@transaction.atomic
def read_as(export: ChatExport, order: Order) -> None:
    """Reads a chat whose dates did not tell the order, as a person said it. Raises Refused."""
    ChatLine.objects.filter(export=export).delete()
    _read(export, bytes(export.text.data), order)


def example_of(export: ChatExport) -> str:
    """Returns a date of a chat that can be read both ways; empty when there is none."""
    try:
        read_chat(decoded(bytes(export.text.data)), zone_named("UTC"), at=export.taken_at)
    except OrderUnknown as unknown:
        return unknown.example
    except Refused:
        return ""
    return ""


def file_of(export: ChatExport, name: str) -> File | None:
    """Returns a file that came in the chat's .zip; None when it is not there. Raises Refused when
    too large.
    """
    if not name or export.archive is None:
        return None
    with _opened(bytes(export.archive.data)) as archive:
        found = next((e for e in archive.infolist() if e.filename.rpartition("/")[2] == name), None)
        if found is None:
            return None
        data = _bounded(archive, found, LARGEST_FILE)
    kind = _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return File(name, kind, data)


def forget_chats(*, at: datetime) -> None:
    """Deletes what others said in chats given more than a week ago, and the files; what became
    tickets stays there.
    """
    over = list(ChatExport.objects.filter(taken_at__lt=at - KEPT_FOR)[:_MOST_FORGOTTEN])
    for export in over:
        blobs = [pk for pk in (export.text_id, export.archive_id) if pk]
        export.delete()
        unused = Blob.objects.filter(pk__in=blobs).exclude(
            Exists(ChatExport.objects.filter(Q(text=OuterRef("pk")) | Q(archive=OuterRef("pk"))))
        )
        with suppress(ProtectedError):
            # The very same bytes came by mail or stand in an article, too: they stay.
            unused.exclude(Exists(Attachment.objects.filter(blob=OuterRef("pk")))).delete()


def mark_of(sender: str, said_at: datetime, text: str, again: int) -> str:
    """Returns what tells a message from others, whoever exported it: Android keeps no seconds, so
    neither does this.

    `again` counts the same words of the same person in the same minute.
    """
    minute = said_at.strftime("%Y-%m-%d %H:%M")
    said = f"{sender.casefold()}\n{minute}\n{' '.join(text.split())}\n{again}"
    return sha256(said.encode()).hexdigest()


def decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _read(export: ChatExport, text: bytes, order: Order | None) -> None:
    if len(text) > MOST_TEXT:
        raise Refused("chat export: long", most=MOST_TEXT // MB)
    zone = zone_named(desk_in_force(export.desk).zone)
    rows = _rows(
        export,
        list(
            _at_most(read_chat(decoded(text).replace("\x00", ""), zone, order, at=export.taken_at))
        ),
    )
    for start in range(0, len(rows), _AT_ONCE):
        copy_rows(rows[start : start + _AT_ONCE])
    export.messages, export.order = len(rows), order or "ok"
    export.save(update_fields=["messages", "order"])


def _rows(export: ChatExport, lines: list[Line]) -> list[ChatLine]:
    seen: Counter[str] = Counter()
    ids = take_ids_of(ChatLine, len(lines))
    rows = []
    for number, (pk, line) in enumerate(zip(ids, lines, strict=True), start=1):
        words = line.text or line.file
        first = mark_of(line.sender, line.said_at, words, 0)
        again = seen[first]
        seen[first] += 1
        rows.append(
            ChatLine(
                pk=pk,
                export=export,
                number=number,
                said_at=line.said_at,
                sender=line.sender[:200],
                text=line.text,
                file=line.file[:255],
                mark=mark_of(line.sender, line.said_at, words, again) if again else first,
            )
        )
    return rows


def _at_most(lines: Iterator[Line]) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if number > MOST_MESSAGES:
            raise Refused("chat export: many messages", most=f"{MOST_MESSAGES:,}")
        yield line


def _text_in(data: bytes) -> bytes:
    """The chat of a .zip, never more of it than a chat may have, whatever the archive says of
    itself.
    """
    with _opened(data) as archive:
        entries = archive.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Refused("chat export: many files", most=f"{MOST_ENTRIES:,}")
        chats = [entry for entry in entries if entry.filename.lower().endswith(".txt")]
        if not chats:
            raise Refused("chat export: no text file")
        chat = next((entry for entry in chats if "chat" in entry.filename.lower()), chats[0])
        return _bounded(archive, chat, MOST_TEXT)


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as problem:
        raise Refused("chat export: damaged") from problem


def _bounded(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    too_large = Refused("chat export: large file", name=entry.filename[:80], most=most // MB)
    if entry.file_size > most:
        raise too_large
    try:
        with archive.open(entry) as packed:
            data = packed.read(most + 1)
    except (
        zipfile.BadZipFile,
        RuntimeError,
        NotImplementedError,
        OSError,
        EOFError,
        ValueError,
    ) as problem:
        raise Refused("chat export: not unpacked", name=entry.filename[:80]) from problem
    if len(data) > most:
        raise too_large
    return data
