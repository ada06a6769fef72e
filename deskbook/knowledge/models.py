"""Tables of the knowledge base: articles, what was written in each language, what readers thought
of it.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.improvement_models import Finding
from deskbook.tickets.models import Blob, Ticket


class Article(models.Model):
    """One how-to of a desk. What it says is in its texts, one for each language."""

    class Audience(models.TextChoices):
        PUBLIC = "public"
        REQUESTERS = "requesters"
        """Whoever is signed in and known to the desk."""
        AGENTS = "agents"

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="articles")
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.PUBLIC)
    facets = models.JSONField(default=dict, blank=True)
    """What it is sorted as, in the book's words: facet → value."""
    made_at = models.DateTimeField()


class ArticleText(models.Model):
    """An article in one language: its newest version is the draft, the published one is what people
    read.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(max_length=8)
    author = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    """Who began it: readers' reasons are for them."""
    key = models.CharField(max_length=64, blank=True, default="")
    """The key of the form that began it: sent twice, it began one."""
    latest = models.ForeignKey(
        "ArticleVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposed = models.ForeignKey(
        "ArticleVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    """What waits for another person to read it."""
    published = models.ForeignKey(
        "ArticleVersion", null=True, on_delete=models.PROTECT, related_name="+"
    )
    slug = models.CharField(max_length=80, blank=True)
    """Its address now; empty until it is published first."""
    search = SearchVectorField(null=True)
    """Words of the published version."""
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "language"], name="one_text_per_language"),
        ]
        indexes = [
            GinIndex(fields=["search"], name="article_search"),
            models.Index(fields=["desk", "-changed_at"], name="texts_of_desk"),
            models.Index(fields=["key"], condition=~models.Q(key=""), name="texts_by_key"),
        ]

    def __str__(self) -> str:
        shown = self.published or self.latest
        return shown.title if shown else f"#{self.pk}"


class ArticleVersion(models.Model):
    """What somebody saved. Versions are never changed, only followed by others."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    body = models.TextField()
    """Markdown."""
    keywords = models.CharField(max_length=500, blank=True)
    """Other words people use for it, with commas: they are found like the title."""
    written_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["text", "number"], name="one_version_per_number")
        ]


class ArticleAct(models.Model):
    """What was done with a text: proposed, sent back, published, withdrawn, restored, renamed."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="acts")
    version = models.ForeignKey(
        ArticleVersion, null=True, on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(max_length=12)
    words = models.CharField(max_length=1000, blank=True)
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ArticleSlug(models.Model):
    """An address a text has or had: old ones lead to the new one and are given to no other text."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    slug = models.CharField(max_length=80)
    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="slugs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "slug"], name="one_text_per_slug")]


class ArticleImage(models.Model):
    """A picture of an article, by the SHA-256 of its bytes."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="images")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    content_type = models.CharField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "blob"], name="one_image_per_article")
        ]


class ArticleVote(models.Model):
    """What one reader said of an article on one day; said again, it is changed."""

    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="votes")
    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="+")
    helpful = models.BooleanField()
    reasons = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    words = models.TextField(blank=True)
    visitor = models.CharField(max_length=64)
    """A hash: it tells readers apart and nobody who they are."""
    network = models.CharField(max_length=64, blank=True)
    """A hash that changes daily: how many votes come from one address."""
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "visitor", "day"], name="one_vote_per_visitor_and_day"
            ),
        ]
        indexes = [models.Index(fields=["text", "-at"], name="votes_of_text")]


class ArticleFinding(models.Model):
    """A finding that readers of an article gave the reason for."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="+")
    text = models.ForeignKey(ArticleText, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["text", "reason"], name="one_finding_per_article_and_reason"
            ),
        ]


class SpentChallenge(models.Model):
    """A CAPTCHA that was solved and used. It is of no use a second time."""

    challenge = models.CharField(max_length=64, primary_key=True)
    until = models.DateTimeField()


class Reading(models.Model):
    """Somebody who was writing a case and opened an article instead of going on, or before.

    It is a deflection when nothing was sent for a day after the last opening. Who they are is not
    kept.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=32)
    place = models.CharField(max_length=8)
    """Where they were writing: "portal", "chat"."""
    opened_at = models.DateTimeField()
    """The last opening."""
    sent_at = models.DateTimeField(null=True)
    texts = models.ManyToManyField(ArticleText, related_name="readings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "key"], name="one_reading_per_key")]
        indexes = [models.Index(fields=["desk", "opened_at"], name="readings_of_desk")]


class Gap(models.Model):
    """No article answered this: a ticket an agent marked, or words that were searched and found
    nothing.
    """

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.CASCADE, related_name="+")
    words = models.CharField(max_length=200, blank=True)
    """Of a search: folded, without numbers and addresses."""
    times = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    """The last time."""
    text = models.ForeignKey(ArticleText, null=True, on_delete=models.SET_NULL, related_name="gaps")
    """The article begun because of it."""
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=~Q(ticket=None), name="one_gap_per_ticket"
            ),
            models.UniqueConstraint(
                fields=["desk", "words"], condition=Q(ticket=None), name="one_gap_per_words"
            ),
        ]
        indexes = [
            models.Index(fields=["desk"], condition=Q(settled_at=None), name="gaps_not_settled")
        ]
