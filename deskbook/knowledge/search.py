"""Finding articles while a person types, in the five languages.

Words are folded as tickets' are and found by their beginnings; English, Portuguese and Hindi by
their stems too. Malayalam, Odia and Hindi put endings on words: a longer word is found by its first
letters as well, but counts less.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from deskbook.knowledge.models import ArticleText, ArticleVersion
from deskbook.knowledge.stop_words import STOP_WORDS
from deskbook.tickets.folding import folded, searchable

MOST_WORDS = 12
MOST_CANDIDATES = 300
STEMS = {"en": "english", "pt": "portuguese", "hi": "hindi"}
"""Language → PostgreSQL's configuration; it has none for Malayalam and Odia."""
_KEPT_OF_A_LONG_WORD = 5
_LONGEST_TYPED = 2_000


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: in the language of `text`, which is the searcher's where it is
    there.
    """

    text: ArticleText
    score: int


def index(text_id: int, language: str, version: ArticleVersion) -> None:
    """Makes a version what a search for the text finds."""
    title, body = f"{version.title} {version.keywords}", version.body
    config = STEMS.get(language, "simple")
    with connection.cursor() as cursor:
        cursor.execute(
            _INDEX,
            [
                searchable(title),
                config,
                _plain(title),
                searchable(body),
                config,
                _plain(body),
                text_id,
            ],
        )


def find(
    desk_id: int, words: str, *, language: str, audiences: Sequence[str], most: int = 5
) -> list[Hit]:
    """Returns the desk's published articles that fit the words, the best first, each once.

    A single word must occur, of more at least two, or one in the title or the keywords.
    """
    asked = _asked(words)
    if not asked:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_FIND, _parameters(desk_id, asked, audiences))
        found: dict[int, tuple[int, int]] = {}
        for text_id, article_id, score in cursor.fetchall():
            found.setdefault(article_id, (text_id, score))
    best = list(found.items())[:most]
    texts = _in_language(
        [article for article, _found in best], language, {found for _a, (found, _s) in best}
    )
    return [Hit(texts[article], score) for article, (_text, score) in best if article in texts]


def significant(words: str) -> list[str]:
    """Returns the words that say what somebody looks for, folded, each once, in their order."""
    found = dict.fromkeys(folded(words[:_LONGEST_TYPED]).split())
    return [
        word for word in found if word not in STOP_WORDS and (len(word) > 1 or not word.isascii())
    ][:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One word: as it is folded, as it was typed, and the beginning by which its other endings are
    found.
    """

    folded: str
    typed: str

    @property
    def beginning(self) -> str:
        if self.folded < "\u0900" or len(self.folded) <= _KEPT_OF_A_LONG_WORD:
            return self.folded
        return self.folded[:_KEPT_OF_A_LONG_WORD]


def _asked(words: str) -> list[_Asked]:
    kept = significant(words)
    by_fold = {searchable(word).strip(): word for word in _plain(words[:_LONGEST_TYPED]).split()}
    return [_Asked(word, by_fold.get(word, word)) for word in kept]


def _plain(text: str) -> str:
    """Returns words in lower case with their accents, which stems need; nothing of a tsquery's own
    signs is left.
    """
    text = text.casefold().replace("\u200c", "").replace("\u200d", "")
    return "".join(
        c if unicodedata.category(c)[0] in "LMN" else " "
        for c in unicodedata.normalize("NFC", text)
    )


def _parameters(
    desk_id: int, asked: list[_Asked], audiences: Sequence[str]
) -> dict[str, int | str | list[str]]:
    return {
        "desk": desk_id,
        "audiences": list(audiences),
        "most": MOST_CANDIDATES,
        "fewest": min(2, len(asked)),
        "any": " | ".join(f"{word.beginning}:*" for word in asked),
        "typed": " | ".join(word.typed for word in asked),
        "titles": [f"{word.folded}:*A" for word in asked],
        "words": [f"{word.folded}:*" for word in asked],
        "loose": [f"{word.beginning}:*" for word in asked],
        "stems": [word.typed for word in asked],
    }


def _in_language(articles: list[int], language: str, found: set[int]) -> dict[int, ArticleText]:
    """Returns article → its text in the language, else the one that was found."""
    texts = (
        ArticleText.objects.filter(article__in=articles)
        .exclude(published=None)
        .select_related("published")
    )
    shown: dict[int, ArticleText] = {}
    for text in texts.defer("search"):
        if text.language == language or (text.pk in found and text.article_id not in shown):
            shown[text.article_id] = text
    return shown


_INDEX = """
    update deskbook_articletext set search =
        setweight(to_tsvector('simple', %s), 'A') || setweight(to_tsvector(%s::regconfig, %s), 'A')
        || setweight(to_tsvector('simple', %s), 'D') || setweight(to_tsvector(%s::regconfig, %s),
            'D')
    where id = %s
"""

_FIND = """
    with asked as (
        select to_tsquery('simple', %(any)s) || to_tsquery('english', %(typed)s)
            || to_tsquery('portuguese', %(typed)s) || to_tsquery('hindi', %(typed)s) as query
    ), candidates as (
        select text.id, text.article_id, text.search, ts_rank(text.search, asked.query) as rank
        from asked, deskbook_articletext text
            join deskbook_article article on article.id = text.article_id
        where text.desk_id = %(desk)s and text.published_id is not null
            and article.audience = any(%(audiences)s) and text.search @@ asked.query
        order by rank desc limit %(most)s
    ), each as (
        select to_tsquery('simple', title) as title, to_tsquery('simple', word) as word,
            to_tsquery('simple', loose) || to_tsquery('english', stem) || to_tsquery('portuguese',
                stem)
            || to_tsquery('hindi', stem) as loose
        from unnest(%(titles)s::text[], %(words)s::text[], %(loose)s::text[], %(stems)s::text[])
            as given(title, word, loose, stem)
    ), scored as (
        select candidates.id, candidates.article_id, candidates.rank,
            sum(case when search @@ each.title then 4 when search @@ each.word then 2
                when search @@ each.loose then 1 else 0 end) as score,
            count(*) filter (where search @@ each.loose) as words,
            bool_or(search @@ each.title) as in_title
        from candidates, each group by 1, 2, 3
    )
    select id, article_id, score::int from scored where words >= %(fewest)s or in_title
    order by score desc, rank desc, id
"""
