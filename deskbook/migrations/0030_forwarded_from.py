"""Who wrote the mail that somebody of the desk carried on to it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0029_merged_followers")]

    operations = [
        migrations.AddField(
            "message",
            "forwarded_from",
            models.CharField(blank=True, default="", max_length=320),
            preserve_default=False,
        ),
    ]
