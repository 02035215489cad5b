"""Work on cases: claims, decisions, the queue, and who may do what."""
