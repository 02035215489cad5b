"""Every way into the engine: the command line, HTTP, reviewer pages, storage, batch re-audit."""
