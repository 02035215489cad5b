"""Baselines: findings that are accepted until a date, each with its reason and its owner."""
