import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('deskbook', '0014_sms'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('audience', models.CharField(choices=[('public', 'Public'), ('requesters', 'Requesters'), ('agents', 'Agents')], default='public', max_length=10)),
                ('facets', models.JSONField(blank=True, default=dict)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ArticleAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('words', models.CharField(blank=True, max_length=1000)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ArticleFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='ArticleImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_type', models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name='ArticleSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=80)),
            ],
        ),
        migrations.CreateModel(
            name='ArticleText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=8)),
                ('slug', models.CharField(blank=True, max_length=80)),
                ('search', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('changed_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ArticleVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('body', models.TextField()),
                ('keywords', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ArticleVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('helpful', models.BooleanField()),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, size=None)),
                ('words', models.TextField(blank=True)),
                ('visitor', models.CharField(max_length=64)),
                ('network', models.CharField(blank=True, max_length=64)),
                ('day', models.DateField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Gap',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=200)),
                ('times', models.PositiveIntegerField(default=1)),
                ('at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Reading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32)),
                ('place', models.CharField(max_length=8)),
                ('opened_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='SpentChallenge',
            fields=[
                ('challenge', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='article',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='articles', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='articleact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='articlefinding',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.finding'),
        ),
        migrations.AddField(
            model_name='articleimage',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='deskbook.article'),
        ),
        migrations.AddField(
            model_name='articleimage',
            name='blob',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.blob'),
        ),
        migrations.AddField(
            model_name='articleslug',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='deskbook.article'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='articleslug',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slugs', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='articlefinding',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='articleact',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acts', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='articleversion',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='articleversion',
            name='written_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='latest',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.articleversion'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='proposed',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.articleversion'),
        ),
        migrations.AddField(
            model_name='articletext',
            name='published',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.articleversion'),
        ),
        migrations.AddField(
            model_name='articleact',
            name='version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.articleversion'),
        ),
        migrations.AddField(
            model_name='articlevote',
            name='text',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='votes', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='articlevote',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.articleversion'),
        ),
        migrations.AddField(
            model_name='gap',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='gap',
            name='made_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='deskbook.agent'),
        ),
        migrations.AddField(
            model_name='gap',
            name='text',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gaps', to='deskbook.articletext'),
        ),
        migrations.AddField(
            model_name='gap',
            name='ticket',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.ticket'),
        ),
        migrations.AddField(
            model_name='reading',
            name='desk',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='deskbook.helpdesk'),
        ),
        migrations.AddField(
            model_name='reading',
            name='texts',
            field=models.ManyToManyField(related_name='readings', to='deskbook.articletext'),
        ),
        migrations.AddConstraint(
            model_name='articleimage',
            constraint=models.UniqueConstraint(fields=('article', 'blob'), name='one_image_per_article'),
        ),
        migrations.AddConstraint(
            model_name='articleslug',
            constraint=models.UniqueConstraint(fields=('desk', 'slug'), name='one_text_per_slug'),
        ),
        migrations.AddConstraint(
            model_name='articlefinding',
            constraint=models.UniqueConstraint(fields=('text', 'reason'), name='one_finding_per_article_and_reason'),
        ),
        migrations.AddConstraint(
            model_name='articleversion',
            constraint=models.UniqueConstraint(fields=('text', 'number'), name='one_version_per_number'),
        ),
        migrations.AddIndex(
            model_name='articletext',
            index=django.contrib.postgres.indexes.GinIndex(fields=['search'], name='article_search'),
        ),
        migrations.AddIndex(
            model_name='articletext',
            index=models.Index(fields=['desk', '-changed_at'], name='texts_of_desk'),
        ),
        migrations.AddConstraint(
            model_name='articletext',
            constraint=models.UniqueConstraint(fields=('article', 'language'), name='one_text_per_language'),
        ),
        migrations.AddIndex(
            model_name='articlevote',
            index=models.Index(fields=['text', '-at'], name='votes_of_text'),
        ),
        migrations.AddConstraint(
            model_name='articlevote',
            constraint=models.UniqueConstraint(fields=('text', 'visitor', 'day'), name='one_vote_per_visitor_and_day'),
        ),
        migrations.AddConstraint(
            model_name='gap',
            constraint=models.UniqueConstraint(condition=models.Q(('ticket', None), _negated=True), fields=('ticket',), name='one_gap_per_ticket'),
        ),
        migrations.AddConstraint(
            model_name='gap',
            constraint=models.UniqueConstraint(condition=models.Q(('ticket', None)), fields=('desk', 'words'), name='one_gap_per_words'),
        ),
        migrations.AddIndex(
            model_name='reading',
            index=models.Index(fields=['desk', 'opened_at'], name='readings_of_desk'),
        ),
        migrations.AddConstraint(
            model_name='reading',
            constraint=models.UniqueConstraint(fields=('desk', 'key'), name='one_reading_per_key'),
        ),
    ]
