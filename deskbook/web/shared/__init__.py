"""What several parts of the web show or read alike: no part imports from another but from here."""
