"""Measurements of the engine: `bench.speed` and `bench.quality`, run from the root as `python -m bench.speed.run`."""
