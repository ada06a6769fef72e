"""To which cases something was written that stands on the one they go on as."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0054_answers_kept_from_who_was_out")]

    operations = [
        migrations.AddField(
            "message",
            "written_to",
            ArrayField(models.BigIntegerField(), blank=True, default=list, size=None),
        ),
    ]
