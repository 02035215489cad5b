"""Clusters near-duplicate templates, so that one decision serves many."""
