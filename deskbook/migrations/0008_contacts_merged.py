import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0007_ratings_findings'),
    ]

    operations = [
        migrations.AddField(
            model_name='contact',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged', to='deskbook.contact'),
        ),
        migrations.CreateModel(
            name='ContactMerge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('desk', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='deskbook.contact')),
                ('into', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='absorbed', to='deskbook.contact')),
                ('identities', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent')),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.agent')),
            ],
        ),
        migrations.AddIndex(
            model_name='contactmerge',
            index=models.Index(condition=models.Q(('undone_at', None)), fields=['into'], name='merges_in_force'),
        ),
        migrations.AddConstraint(
            model_name='contactmerge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('source',), name='merged_into_one_person'),
        ),
    ]
