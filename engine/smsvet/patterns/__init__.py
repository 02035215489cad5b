"""Whether a regular expression is searched in time proportional to the text."""
