"""People and the desks they meet at: users, agents, contacts, organisations, the books in force."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_address


class UserQuerySet(BaseUserManager["User"]):
    """Django asks for a manager here; making a user is all it does."""

    def create_user(
        self, email: str, name: str = "", password: str | None = None, **more: object
    ) -> "User":
        user = self.model(email=normal_address(email), name=name, **more)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who can sign in. What they may do follows from their agent and contact rows."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, blank=True, default="")
    """What they chose, or somebody said of them. Empty is the browser's; at work, and in letters,
    the desk's usual.
    """
    zone = models.CharField(max_length=64, blank=True)
    """IANA zone their times are shown in; empty is the desk's."""
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    only_at: int | None = None
    """The one desk (id) this request may act at; None where the mailbox was proved. Told by the
    session.
    """
    agents_by_desk: "tuple[Agent, ...]"
    """Where they work: from their session, or once `access.agents_by_desk` was asked."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserQuerySet()

    def __str__(self) -> str:
        return self.name or self.email


class HelpDesk(models.Model):
    """One desk and the version of its book that new tickets follow.

    Numbers come from a sequence of its own: a counter row would make openings wait for each other.
    """

    key = models.SlugField(unique=True)
    title = models.CharField(max_length=200)
    prefix = models.CharField(max_length=12, unique=True)
    """Of its ticket numbers: SPR-123."""
    book_version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class BookVersion(models.Model):
    """A book as it was written; versions are never changed, only followed by others."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="books")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    applied_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "number"], name="one_text_per_book_version")
        ]


class Agent(models.Model):
    """A user at work at one desk."""

    class Role(models.TextChoices):
        AGENT = "agent", _("Agent")
        LEAD = "lead", _("Lead")
        OWNER = "owner", _("Owner of the book")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="agents")
    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="agents")
    role = models.CharField(max_length=8, choices=Role.choices, default=Role.AGENT)
    teams = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    """Keys of the book's teams this agent belongs to."""
    is_active = models.BooleanField(default=True)
    phone = models.CharField(max_length=32, blank=True)
    """As E.164 where it parses."""
    extension = models.CharField(max_length=16, blank=True)
    """Of their telephone at the desk: a call that rings there is shown to them."""
    place = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    """A temporary account ends here: the schedule switches it off."""
    last_given_at = models.DateTimeField(null=True)
    """When the desk last gave this person a ticket of itself."""
    mails_concerns = models.BooleanField(default=True)
    """What concerns them and they have not read is mailed to them as well."""
    feed_turn = models.PositiveSmallIntegerField(default=0)
    """Grows when the private address of their roster is changed; older ones stop working."""
    by_rule = models.BooleanField(default=False)
    """Put here by a rule of sign-in, and kept in step with it until a person changes them."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "desk"], name="one_agent_per_user_and_desk")
        ]

    def __str__(self) -> str:
        return str(self.user)


class Organisation(models.Model):
    """A customer of a desk: a company, an office, a local body."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=200)
    plan = models.CharField(max_length=64, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)
    """Mail domains whose unknown senders are taken for its people."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["desk", "name"], name="one_organisation_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class Way(NamedTuple):
    """A way to reach somebody, as it is read of `identities`."""

    pk: int
    channel: str
    identifier: str


class Contact(models.Model):
    """A person a desk helps. Ways to reach them are in `identities`, any number of each."""

    desk = models.ForeignKey(
        HelpDesk, on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    user = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="contacts"
    )
    name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=8, default="en")
    zone = models.CharField(max_length=64, blank=True)
    named = models.BooleanField(default=True)
    """May open and close cases for the organisation; others of the community may read."""
    anonymous = models.BooleanField(default=False, db_default=False)
    """Gave no name: reads and writes by the number of their case and a secret."""
    attributes = models.JSONField(default=dict, blank=True)
    """What a directory says of them beyond this: office, designation …"""
    note = models.TextField(blank=True, default="")
    """What the desk wants to remember of them; for agents alone."""
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged"
    )
    """The contact this one turned out to be; its own history stays with it. Never one that is
    merged itself.
    """

    known_ways: Sequence[Way] | None = None
    """Those of `identities`, where a page has read them."""

    class Meta:
        indexes = [models.Index(fields=["desk", "name"])]

    def __str__(self) -> str:
        return self.name or f"#{self.pk}"

    @property
    def person_id(self) -> int:
        """The id of the contact that stands for this person: its own, or that of the one it was
        merged into.
        """
        return self.merged_into_id or self.pk


class ContactIdentity(models.Model):
    """One way to reach a contact. A person is never keyed by a phone number or an address alone."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="identities")
    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="+", db_index=False)
    channel = models.CharField(max_length=16)
    """"email", "phone", "whatsapp", "pen" (a number in a staff directory) …"""
    identifier = models.CharField(max_length=254)
    """Mail addresses lower case, numbers as E.164."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "channel", "identifier"], name="one_contact_per_identity"
            ),
        ]
        indexes = [
            models.Index(
                fields=["identifier"], condition=models.Q(channel="email"), name="contacts_by_mail"
            ),
            models.Index(
                fields=["desk", "identifier"],
                opclasses=["int8_ops", "varchar_pattern_ops"],
                name="identity_prefix",
            ),
        ]


class Place(models.Model):
    """A site, office or village of a desk's directory, by its code; places lie within others."""

    desk = models.ForeignKey(HelpDesk, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=64, blank=True)
    """"district", "village" … as the directory says."""
    within = models.CharField(max_length=64, blank=True)
    """Code of the place around it."""
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "code"], name="one_place_per_code")]
        indexes = [models.Index(fields=["desk", "name"], name="places_by_name")]

    def __str__(self) -> str:
        return self.name
