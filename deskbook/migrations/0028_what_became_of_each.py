import django.db.models.deletion
from django.db import migrations, models

_PROTECT = django.db.models.deletion.PROTECT


def _key(to, **more):
    return models.ForeignKey(on_delete=_PROTECT, related_name="+", to=f"deskbook.{to}", **more)


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0027_messages_unproven")]

    operations = [
        migrations.AddField("outboundmail", "contact", _key("contact", null=True, db_index=False)),
        migrations.AddField("outboundmail", "next_try_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            "Untold",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=16)),
                (
                    "state",
                    models.CharField(choices=[("no way", "No Way"), ("given up", "Given Up")], max_length=8),
                ),
                ("reason", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("contact", _key("contact")),
                ("entry", _key("logentry", db_index=False)),
                ("message", _key("message", null=True, db_index=False)),
                ("ticket", _key("ticket")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["entry", "contact", "purpose"], name="untold_once"),
                ],
            },
        ),
    ]
