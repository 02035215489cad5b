"""Reviews hostile submissions and checks invariants and times: `make fuzz`."""
