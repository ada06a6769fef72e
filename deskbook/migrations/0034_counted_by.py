"""Which version worked the due times out last: one that was killed over it does it at its next start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0033_whatsapp_dropped")]

    operations = [
        migrations.CreateModel(
            "CountedBy",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=255)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
