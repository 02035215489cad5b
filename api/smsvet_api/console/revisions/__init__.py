"""The pages of content revisions."""
