"""Users, their roles, API keys and sessions."""
