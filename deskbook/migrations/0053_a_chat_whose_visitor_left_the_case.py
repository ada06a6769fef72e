"""A chat may end because its visitor takes no part in the case any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0052_one_inbox")]

    operations = [
        migrations.AlterField(
            "chatsession",
            "ended_by",
            models.CharField(
                blank=True,
                choices=[
                    ("visitor", "Visitor"),
                    ("operator", "Operator"),
                    ("parted", "Parted"),
                    ("gone", "Gone"),
                ],
                default="",
                max_length=8,
            ),
        ),
    ]
