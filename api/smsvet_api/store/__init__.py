"""Reads and writes databases. The only room that imports SQLAlchemy."""
