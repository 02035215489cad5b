"""The pages of submitters: their submissions, the necessary changes and their appeals."""
