from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("deskbook", "0007_ratings_findings"),
    ]

    operations = []
