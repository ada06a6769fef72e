"""Why a job failed, kept with it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0043_article_begun_once")]

    operations = [
        migrations.CreateModel(
            "JobFailure",
            fields=[
                ("job", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
