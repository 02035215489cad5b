"""The revisions of the rules in service, and what a shadow revision decides differently."""
