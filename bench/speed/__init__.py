"""Speed, memory and start-up, beside a conventional engine and the cost of a bare scan."""
