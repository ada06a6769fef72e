from django.db import migrations, models

STATES = ["queued", "sent", "kept", "failed", "held", "dropped"]


class Migration(migrations.Migration):
    """A person decides about held mail; only a failure for good makes an address dead."""

    dependencies = [("deskbook", "0005_channel_names")]

    operations = [
        migrations.AddField("outboundmail", "hard", models.BooleanField(default=False)),
        migrations.AddField("outboundmail", "released_by", models.CharField(blank=True, max_length=80)),
        migrations.AlterField(
            "outboundmail",
            "state",
            models.CharField(choices=[(s, s.capitalize()) for s in STATES], default="queued", max_length=8),
        ),
        migrations.AddIndex(
            "outboundmail",
            models.Index(condition=models.Q(("state", "held")), fields=["-queued_at"], name="mail_held"),
        ),
    ]
