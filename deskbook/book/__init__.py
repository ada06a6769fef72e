"""The book: a desk's written procedure, read, checked and explained."""
