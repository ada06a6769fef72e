"""Pictures of articles: kept by the SHA-256 of their bytes, shown by the desk itself."""

from deskbook.engine.quoting import short
from deskbook.knowledge.models import Article, ArticleImage
from deskbook.people.models import HelpDesk
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.messages import store_blob

LARGEST = 1024 * 1024
MOST = 30
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
}


def add_image(article: Article, data: bytes, name: str) -> str:
    """Stores a picture of the article and returns the Markdown that shows it. Raises Refused."""
    name = short(name)
    if problem := why_no_image(data, name):
        raise Refused(problem)
    if article.images.count() >= MOST:
        raise Refused("many pictures", most=MOST)
    blob = store_blob(data)
    ArticleImage.objects.get_or_create(
        article=article, blob=blob, defaults={"content_type": kind_of(data)}
    )
    words = name.rpartition(".")[0] or name
    caption = "".join(c for c in words if c not in "[]()\\!`\n\r")[:80]
    return f"![{caption}]({address_of(article.desk, blob.sha256)})"


def why_no_image(data: bytes, name: str) -> Refusal | None:
    """Returns why a file is no picture that articles show; None for one that is."""
    if not kind_of(data):
        return Refusal("no picture", name=short(name))
    return Refusal("large picture", name=short(name)) if len(data) > LARGEST else None


def address_of(desk: HelpDesk, sha256: str) -> str:
    """Returns where an article of a desk shows the picture of these bytes."""
    return f"/desk/{desk.key}/articles/images/{sha256}"


def kind_of(data: bytes) -> str:
    """Returns the type of a picture by its first bytes, whatever its name says; empty for anything
    else.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), "")
