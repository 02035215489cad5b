"""Cases, which wait for a person: who holds them, and how they are decided."""
