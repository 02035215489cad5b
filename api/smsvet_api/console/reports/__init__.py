"""The pages of reports: stored audits and comparisons."""
