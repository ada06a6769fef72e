"""What is refused, and the one catalogue of its sentences, for each reader and in each language."""
