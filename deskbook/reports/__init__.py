"""Reports: each one question about a desk, with its SQL beside it, whose every number opens its
tickets.
"""
