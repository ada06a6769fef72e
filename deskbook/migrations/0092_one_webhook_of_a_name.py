"""A desk has one webhook of a name; of those that were renamed alike, the later bear their number."""

from django.db import migrations, models


def tell_apart(apps, schema_editor):
    Webhook = apps.get_model("deskbook", "Webhook")
    seen = set()
    for row in Webhook.objects.filter(ended_at=None).order_by("pk"):
        if (row.desk_id, row.name) in seen:
            row.name = f"{row.name[:38]} ({row.pk})"
            row.save(update_fields=["name"])
        seen.add((row.desk_id, row.name))


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0091_webhooks")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("desk", "name"),
                name="one_webhook_of_a_name",
            ),
        ),
    ]
