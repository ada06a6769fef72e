"""Lists that come in as files: the file, its rows with what would become of them, and how far the
work is.
"""

from django.db import models

from deskbook.people.models import Agent, HelpDesk


class GivenFile(models.Model):
    """A file that a worker reads, that is shown for a decision, and then taken in by a worker."""

    class State(models.TextChoices):
        READING = "reading"
        READ = "read"
        """Shown for a decision; nothing is changed yet."""
        WRITING = "writing"
        DONE = "done"
        FAILED = "failed"
        """`problem` says why."""

    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    problem = models.TextField(blank=True)
    """In its written form (refusals/kept.py)."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_busy(self) -> bool:
        """Whether a worker is at it, or will be."""
        return self.state in (self.State.READING, self.State.WRITING)


class Upload(GivenFile):
    """A file with many rows, which is taken in whole or not at all."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="uploads")
    what = models.CharField(max_length=16)
    """"contacts", "organisations", "places", "agents", "shifts"."""
    by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")
    data = models.BinaryField()
    keep_others = models.BooleanField(default=False)
    """Columns the list does not know become attributes."""
    team = models.CharField(max_length=64, blank=True)
    """Rosters: whose zone the times are in, where a row names no team."""
    notes = models.JSONField(default=list)
    """What was noticed about the file as a whole, each in its written form."""
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["desk", "-uploaded_at"], name="uploads_of_desk")]


class UploadRow(models.Model):
    """One line of an uploaded file: what it says, and what would become of it."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    verdict = models.CharField(max_length=8)
    """"added", "changed", "same", "wrong"."""
    given = models.JSONField()
    why = models.TextField(blank=True)
    """What is wrong, or was noticed, in its written form."""

    class Meta:
        indexes = [
            models.Index(fields=["upload", "verdict", "line"], name="upload_rows_by_verdict"),
            models.Index(
                fields=["upload", "line"],
                condition=~models.Q(why=""),
                name="upload_rows_with_a_word",
            ),
        ]


class UploadProgress(models.Model):
    """How far an upload is. Written over a connection of its own, so that it is seen while the work
    is one transaction; without a foreign key, for that connection may not see the upload yet.
    """

    upload_id = models.BigIntegerField(primary_key=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
