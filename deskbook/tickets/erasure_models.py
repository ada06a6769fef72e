"""What was erased: when, by which line of which book, and how much."""

from django.db import models

from deskbook.people.models import HelpDesk


class Erasure(models.Model):
    """One line of a book, one run of the job."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    what = models.CharField(max_length=20)
    """As `engine.keeping.Kept`."""
    book_version = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    cases = models.PositiveIntegerField(default=0)
    """Or mails, of those that became no case."""
    people = models.PositiveIntegerField(default=0)
    """Who were forgotten with them."""

    class Meta:
        indexes = [models.Index(fields=["desk", "-at"], name="erasures_by_time")]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "at", "what", "line"], name="one_row_per_run_and_line"
            )
        ]
