"""Pictures of articles: kept by the SHA-256 of their bytes, shown by the desk itself."""

from deskbook.engine.quoting import short
from deskbook.knowledge.models import Article, ArticleImage
from deskbook.refusals.refusal import Refused
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
    content_type, name = kind_of(data), short(name)
    if not content_type:
        raise Refused("no picture", name=name)
    if len(data) > LARGEST:
        raise Refused("large picture", name=name)
    if article.images.count() >= MOST:
        raise Refused("many pictures", most=MOST)
    blob = store_blob(data)
    ArticleImage.objects.get_or_create(
        article=article, blob=blob, defaults={"content_type": content_type}
    )
    words = name.rpartition(".")[0] or name
    caption = "".join(c for c in words if c not in "[]()\\!`\n\r")[:80]
    return f"![{caption}](/desk/{article.desk.key}/articles/images/{blob.sha256})"


def kind_of(data: bytes) -> str:
    """Returns the type of a picture by its first bytes, whatever its name says; empty for anything
    else.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if data.startswith(beginning)), "")
