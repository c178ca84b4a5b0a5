"""No API server is left behind, not even by tests that are killed."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.kubernetes.api_server import HOME, require_tools

pytestmark = pytest.mark.kubernetes

STARTS = """
import sys, time
from pathlib import Path
from tests.kubernetes.api_server import ApiServer
server = ApiServer(Path(sys.argv[1]))
print("ready", flush=True)
time.sleep(600)
"""


def test_its_servers_end_with_tests_that_were_killed(tmp_path: Path) -> None:
    require_tools()
    command = [sys.executable, "-c", STARTS, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HOME) as tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == b"ready\n"
        started = psutil.Process(tests.pid).children(recursive=True)
        servers = {one.name(): one for one in started if one.name() in {"etcd", "kube-apiserver"}}
        tests.kill()
        _, left = psutil.wait_procs(servers.values(), 60)
    assert len(servers) == 2
    assert left == []
