"""What people do, each act said once: its words and form, who may, when, and what it does."""
