"""What a desk wants to remember of a person it helps."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deskbook", "0086_legal_hold")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="note",
            field=models.TextField(blank=True, default=""),
        ),
    ]
