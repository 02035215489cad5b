"""Endpoints of the submitters' systems, and the messages for them."""
