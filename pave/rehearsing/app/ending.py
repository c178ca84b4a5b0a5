"""How a loop learns that it is to end."""

import signal
from typing import Any


class StopSignal:
    """Whether somebody has sent SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, *_: Any) -> None:
        self.asked = True
