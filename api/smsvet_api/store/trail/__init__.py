"""The audit trail: a chain of events that shows every change, move and removal."""
