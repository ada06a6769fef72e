from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0012_site_visits"),
    ]

    operations = []
