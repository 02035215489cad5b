"""Measurements of the engine: `bench.speed`, `bench.quality` and `bench.fuzz`, run from the root as `python -m bench.speed.run`."""
