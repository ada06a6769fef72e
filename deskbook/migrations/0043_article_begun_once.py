"""The key of the form that began an article: sent twice, it began one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0042_chat_came_as")]

    operations = [
        migrations.AddField("articletext", "key", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddIndex(
            "articletext",
            models.Index(fields=["key"], condition=models.Q(("key", ""), _negated=True), name="texts_by_key"),
        ),
    ]
