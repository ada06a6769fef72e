from django.db import migrations, models


class Migration(migrations.Migration):
    """A book may call a channel what it likes: "complaints module" has 17 letters."""

    dependencies = [("deskbook", "0004_cases")]

    operations = [
        migrations.AlterField("ticket", "channel", models.CharField(max_length=64)),
        migrations.AlterField("message", "channel", models.CharField(max_length=64)),
    ]
