"""The parent of several worker processes of the service."""

from __future__ import annotations

import os
import signal

from uvicorn.supervisors import Multiprocess


class Supervisor(Multiprocess):
    """uvicorn's supervisor, which on SIGHUP lets the workers reload the content and answer meanwhile.

    uvicorn's own would start its workers anew.
    """

    def handle_hup(self) -> None:
        """Forward SIGHUP to the workers."""
        for worker in self.processes:
            if worker.pid is not None:
                os.kill(worker.pid, signal.SIGHUP)
