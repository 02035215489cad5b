"""Submissions, the machine's verdicts on them, and their status for the submitter."""
