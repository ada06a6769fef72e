"""Tokens by which mailboxes are signed in to. A new table: nothing is locked."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0098_replayed_calls")]

    operations = [
        migrations.CreateModel(
            name="MailGrant",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user", models.CharField(max_length=320, unique=True)),
                ("refresh", models.TextField()),
                ("access", models.TextField()),
                ("access_until_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(null=True)),
                ("given_at", models.DateTimeField()),
                ("renewed_at", models.DateTimeField()),
                ("refused", models.CharField(blank=True, max_length=60)),
            ],
        ),
    ]
