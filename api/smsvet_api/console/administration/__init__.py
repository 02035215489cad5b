"""The pages for admins: users, keys, webhooks and settings."""
