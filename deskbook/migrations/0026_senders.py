"""The address or number a message came from: there its author is answered."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0025_token_origin")]

    operations = [
        migrations.AddField(
            "message",
            "sender",
            models.CharField(blank=True, default="", max_length=320),
            preserve_default=False,
        ),
    ]
