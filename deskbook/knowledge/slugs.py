"""The address of an article: words of its title, the same through every renaming."""

from collections.abc import Iterator
from itertools import count

from deskbook.knowledge.models import ArticleSlug, ArticleText
from deskbook.refusals.refusal import Refused
from deskbook.tickets.folding import folded

LONGEST = 60
RESERVED = frozenset({"suggestions", "images", "challenge", "new"})


def slug_of(words: str) -> str:
    """Returns the words as they stand in an address: folded, with hyphens, in any script; empty
    when there are none.
    """
    slug = ""
    for word in folded(words).split():
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug


def give_slug(text: ArticleText, title: str, *, wanted: str = "") -> str:
    """Gives a text its address and returns it: the one wanted, the one it has, or one made of its
    title.

    Call with the text locked. An address it had before it may have again. Raises Refused when the
    one wanted is another article's; one made of the title gets a number instead.
    """
    slug = slug_of(wanted) or text.slug
    if slug:
        if slug in RESERVED or not _take(text, slug):
            raise Refused("slug taken", slug=slug)
        return slug
    start = _start(text, title)
    return next(slug for slug in _numbered(start) if slug not in RESERVED and _take(text, slug))


def _start(text: ArticleText, title: str) -> str:
    """Returns the words of the title. A translation in another script has its Latin sister's: a
    link stays short.
    """
    own = slug_of(title)
    if own.isascii():
        return own or "article"
    sisters = ArticleText.objects.filter(article=text.article_id, slug__regex=r"^[!-~]+$").exclude(
        pk=text.pk
    )
    sister = sisters.order_by("pk").values_list("slug", flat=True).first()
    return f"{sister}-{text.language}" if sister else own


def _numbered(start: str) -> Iterator[str]:
    return (start if n == 1 else f"{start}-{n}" for n in count(1))


def _take(text: ArticleText, slug: str) -> bool:
    row, _made = ArticleSlug.objects.get_or_create(
        desk_id=text.desk_id, slug=slug, defaults={"text": text}
    )
    return row.text_id == text.pk
