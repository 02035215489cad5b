"""What submitters see: their submissions, what to change, and their appeals."""
