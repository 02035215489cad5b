"""The figures of the dashboard: what waits now, and what came and went in a period."""
