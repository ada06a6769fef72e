import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0015_knowledge'),
    ]

    operations = [
        migrations.CreateModel(
            name='JiraLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('active', models.BooleanField(default=True)),
                ('base_url', models.CharField(max_length=300)),
                ('project', models.CharField(max_length=64)),
                ('issue_type', models.CharField(default='Task', max_length=64)),
                ('cloud', models.BooleanField(default=True)),
                ('account', models.CharField(blank=True, max_length=254)),
                ('token', models.TextField(blank=True)),
                ('webhook_secret', models.TextField(blank=True)),
                ('account_id', models.CharField(blank=True, max_length=128)),
                ('teams', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('share_answers', models.BooleanField(default=True)),
                ('stages', models.JSONField(default=dict)),
                ('statuses', models.JSONField(default=dict)),
                ('priorities', models.JSONField(default=dict)),
                ('trouble', models.CharField(blank=True, max_length=300)),
                ('heard_at', models.DateTimeField(null=True)),
                ('changed_at', models.DateTimeField()),
                ('desk', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='jira', to='deskbook.helpdesk')),
            ],
        ),
        migrations.CreateModel(
            name='JiraIssue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(blank=True, db_index=True, max_length=64)),
                ('status', models.CharField(blank=True, max_length=120)),
                ('synced_at', models.DateTimeField(null=True)),
                ('gone', models.BooleanField(default=False)),
                ('ticket', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='jira_issue', to='deskbook.ticket')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='issues', to='deskbook.jiralink')),
            ],
        ),
        migrations.CreateModel(
            name='JiraAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('create', 'Create'), ('comment', 'Comment'), ('attach', 'Attach'), ('move', 'Move')], max_length=8)),
                ('key', models.CharField(max_length=80, unique=True)),
                ('stage', models.CharField(blank=True, max_length=64)),
                ('state', models.CharField(choices=[('queued', 'Queued'), ('done', 'Done'), ('failed', 'Failed'), ('dropped', 'Dropped')], default='queued', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('next_try_at', models.DateTimeField(null=True)),
                ('queued_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('attachment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.attachment')),
                ('entry', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.logentry')),
                ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.message')),
                ('issue', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='deskbook.jiraissue')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'queued')), fields=['next_try_at'], name='jira_acts_to_do'), models.Index(condition=models.Q(('state__in', ['queued', 'failed'])), fields=['issue', 'id'], name='jira_acts_left')],
            },
        ),
        migrations.CreateModel(
            name='JiraEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=128)),
                ('digest', models.CharField(max_length=64)),
                ('payload', models.JSONField()),
                ('state', models.CharField(choices=[('new', 'New'), ('done', 'Done'), ('ignored', 'Ignored'), ('held', 'Held'), ('dropped', 'Dropped')], default='new', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('what', models.CharField(blank=True, max_length=300)),
                ('came_at', models.DateTimeField()),
                ('ticket', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='deskbook.ticket')),
                ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='deskbook.jiralink')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'held')), fields=['link', '-came_at'], name='jira_events_held')],
                'constraints': [models.UniqueConstraint(fields=('link', 'mark'), name='one_row_per_jira_event'), models.UniqueConstraint(fields=('link', 'digest'), name='one_row_per_jira_event_body')],
            },
        ),
    ]
