"""Two books side by side: what changed, in the words of the policy, and what it does to a case."""
