"""The pages of the audit trail."""
