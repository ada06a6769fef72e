"""Files that wait with words that are not sent yet."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.template.defaultfilters import filesizeformat

from deskbook.tickets.messages import File
from deskbook.tickets.models import Blob


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file sent earlier with a form that was refused; only its own sender's draft knows it."""

    sha256: str
    name: str
    content_type: str
    size: int

    @property
    def shown_size(self) -> str:
        return filesizeformat(self.size)


def files_in(fields: Mapping[str, Any]) -> list[KeptFile]:
    """Returns the files remembered among the fields of a draft."""
    return [KeptFile(**file) for file in fields.get("files", [])]


def as_files(kept: Sequence[KeptFile]) -> tuple[File, ...]:
    """Returns kept files with their bytes, to be attached to a message."""
    blobs = Blob.objects.in_bulk([file.sha256 for file in kept])
    return tuple(
        File(f.name, f.content_type, bytes(blobs[f.sha256].data)) for f in kept if f.sha256 in blobs
    )


def listed(files: Sequence[KeptFile]) -> list[dict[str, Any]]:
    """Returns how files are remembered among the fields of a draft."""
    return [asdict(file) for file in files]
