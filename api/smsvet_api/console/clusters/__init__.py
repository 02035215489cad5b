"""Clusters of similar cases, decided together."""
