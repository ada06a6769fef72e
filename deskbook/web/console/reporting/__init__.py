"""What a report is asked, what its lines are called, and what is shown of its answer."""
