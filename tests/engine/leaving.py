"""Stops every local cloud whose state is below a folder: what outlives a command by intention, and tests by
accident. `python leaving.py FOLDER`."""

import sys
from pathlib import Path

import psutil

SERVER = "pave.local_cloud.server"


def stop_clouds(below: Path) -> None:
    """Tells each to end."""
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if SERVER in words and any(Path(word).is_relative_to(below) for word in words):
            process.terminate()


if __name__ == "__main__":
    stop_clouds(Path(sys.argv[1]))
