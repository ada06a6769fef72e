"""Names that something outside the product calls; never run.

Anything else that `make lint` finds is dead: delete it.
"""
# ruff: noqa: B018, F821

# html.parser
_.handle_starttag
_.handle_endtag
_.handle_data

# aiosmtpd: what a connection keeps of the mail that comes
_._create_envelope

# Django: middleware, mail backends, the user model, sessions
_.process_exception
_.send_messages
_.create_user
_.USERNAME_FIELD
_.EMAIL_FIELD
_.REQUIRED_FIELDS
_.get_session_store_class
_.get_model_class
_.acreate_model_instance

# Jinja2: visitors of a template's parts
_.visit_Call
_.visit_Getattr

# markdownify: what becomes of a tag
_Converter.convert_pre

# markdown-it: which addresses a link may have
_.validateLink

# Choices of a column, by their values
_.GOOD
_.SO_SO
_.BAD
_.CARRIED_OUT
_.REPORTED

# django-allauth: adapters and forms
_.is_open_for_signup
_.get_client_ip
_.is_reauthentication_required
_.send_notification_mail
_.generate_authenticator_name
_.get_totp_issuer
_.get_public_key_credential_rp_entity
_.clean_code

# Tests that hold a list against the tree
_.OF_NO_DESK
_.WORDS

# What a Protocol says is called by whoever is handed one
_.__call__
