"""Programs that generate parts of the repository: tables of `corpora/` and pictures of the READMEs."""
