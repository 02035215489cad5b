"""Programs that write content of the repository: tables of `corpora/` and pictures of the READMEs."""
