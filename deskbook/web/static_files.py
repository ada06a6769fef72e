"""Static files under names that change with what is in them: browsers keep them for good."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.base import ContentFile, File
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """What a script of ours imports is named by its hash too, or a browser would keep an old
    module.
    """

    support_js_module_import_aggregation = True
    # Ours alone: the scripts of packages import by names that are addresses only once bundled.
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )

    def _save(self, name: str, content: "File[bytes]") -> str:
        """Style sheets are kept without what they say to who writes them: phones load it."""
        if name.endswith(".css"):
            content = ContentFile(without_comments(b"".join(content.chunks())))
        return str(super()._save(name, content))

    def compress_files(self, paths: set[str]) -> Iterator[tuple[str, str]]:
        """Compresses what pages link to: half of the time went into files under their first names.
        What was compressed of those by an older version is of older files, and goes.
        """
        linked = paths & set(self.hashed_files.values())
        self.delete_files({f"{path}.{kind}" for path in paths - linked for kind in ("br", "gz")})
        yield from super().compress_files(linked)


def without_comments(sheet: bytes) -> bytes:
    """Returns a style sheet without its comments, but for those of licences (`/*!`)."""
    text = sheet.decode()
    first, *rest = text.split("/*")
    for part in rest:
        said, end, after = part.partition("*/")
        first += f"/*{said}{end}{after}" if said.startswith("!") or not end else after.lstrip()
    return first.encode()


def collect() -> None:
    """Collects the static files, unless those that lie there were made of the very same: it takes
    seconds of a processor, for which a web server that was killed would stay away.
    """
    made_of, now = Path(settings.STATIC_ROOT) / "made-of", _sources()
    if made_of.is_file() and made_of.read_text() == now:
        return
    made_of.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    made_of.write_text(now)


def _sources() -> str:
    """Returns a digest of all static files, and of how they are made ready."""
    digest = sha256(Path(__file__).read_bytes())
    for finder in get_finders():
        for path, storage in finder.list([]):
            with storage.open(path) as file:
                digest.update(f"{path}\0{file.size}\0".encode() + file.read())
    return digest.hexdigest()
