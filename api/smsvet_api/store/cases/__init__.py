"""Cases for manual review: who holds them, who may do what with them, and how they are decided."""
