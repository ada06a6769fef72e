"""SCIM 2: the doors by which a directory keeps people in step (RFC 7644)."""
