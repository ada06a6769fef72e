"""What came from another system, and how far its coming is."""

from django.db import models

from deskbook.knowledge.models import Article
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.refusals import in_words
from deskbook.people.upload_models import GivenFile
from deskbook.tickets.models import Ticket


class Move(GivenFile):
    """One export, on its way into a desk; of one that failed, what came until then is here."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")
    """Who brought it in the console; None at a terminal."""
    source = models.CharField(max_length=16)
    data = models.BinaryField(default=b"")
    """The file, until it is done; nothing at a terminal."""
    words = models.JSONField(default=dict)
    """What the owner said each word of the other system is: part of the book → word → key."""
    met = models.JSONField(default=list)
    """The words of its tickets: [part, word, count, key in the book or None]."""
    found = models.JSONField(default=dict)
    """What is in the file: "tickets", "messages", "files" … → how many."""
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    """When the first and the last of its tickets were opened."""
    came = models.PositiveIntegerField(default=0)
    came_before = models.PositiveIntegerField(default=0)
    messages = models.PositiveIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    articles = models.PositiveIntegerField(default=0)
    """That came, each language for itself."""
    begun_at = models.DateTimeField()
    writing_since_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["desk", "-begun_at"], name="moves_of_desk")]


class NotMoved(models.Model):
    """Something of an export that did not come along."""

    move = models.ForeignKey(Move, on_delete=models.CASCADE, related_name="left_out")
    ticket = models.CharField(max_length=100, blank=True, default="", db_default="")
    """The number it had there; empty where it is of none."""
    place = models.CharField(max_length=400)
    why = models.TextField()
    """In its written form."""
    what = models.TextField(blank=True)

    @property
    def sentence(self) -> str:
        """Why, in the reader's language."""
        return in_words(self.why)


class CameFrom(models.Model):
    """Where a ticket comes from: the same one does not come twice."""

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="came_from"
    )
    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=16)
    number = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "source", "number"], name="comes_once")
        ]
        indexes = [models.Index(fields=["desk", "number"], name="by_old_number")]


class ArticleCameFrom(models.Model):
    """Where an article comes from: the same one does not come twice."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="+")
    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    source = models.CharField(max_length=16)
    number = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "source", "number"], name="article_comes_once")
        ]
