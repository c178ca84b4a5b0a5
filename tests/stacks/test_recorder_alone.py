"""A recording changes nothing outside it, and nothing outside changes it."""

import asyncio
import contextvars
import gc
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pulumi
import pytest
from pulumi._utils import ContextProperty
from pulumi.runtime import resource as sdk
from pulumi.runtime._callbacks import _CallbackServicer
from pulumi.runtime.settings import Settings

from stacks.recording.model import Recording
from stacks.recording.recorder import record
from tests.stacks.recorded_shop import as_json, record_shop, record_small, thing

# pulumi_gcp warns of its own deprecated classes while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


def state_of_this_context() -> dict[str, Any]:
    state = {var.name: var.get() for var in contextvars.copy_context()}
    return {**state, "loop": asyncio.get_running_loop(), "root": pulumi.runtime.get_root_resource()}


def test_recording_inside_a_program_changes_neither_of_them(recording: Recording) -> None:
    inner: list[Recording] = []

    def outer(*, nest: bool) -> None:
        size = pulumi.Config().require_int("size")
        first = thing("first", {"size": size})
        if nest:
            before = state_of_this_context()
            inner.append(record_shop())
            assert state_of_this_context() == before
        assert pulumi.get_stack() == "outer"
        second = thing("second", {"size": pulumi.Config().require_int("size"), "first": first.unset})
        pulumi.export("size", second.size)

    def record_outer(*, nest: bool) -> Recording:
        return record(lambda: outer(nest=nest), project="around", stack="outer", config={"around:size": "3"})

    assert as_json(record_outer(nest=True)) == as_json(record_outer(nest=False))
    assert as_json(inner[0]) == as_json(recording)


def test_recording_leaves_this_thread_and_new_ones_as_they_were() -> None:
    def seen() -> list[Any]:
        names = [pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()]
        return [*names, pulumi.runtime.settings.get_monitor(), pulumi.runtime.get_config("shop:size")]

    def seen_by_all() -> list[Any]:
        with ThreadPoolExecutor(1) as pool:
            return [seen(), pool.submit(seen).result()]

    before = seen_by_all()
    record_small(lambda: thing("thing"), config={"shop:size": "3"})
    assert seen_by_all() == before


def test_recording_sets_everything_that_belongs_to_a_run() -> None:
    properties = {name for name, value in vars(Settings).items() if isinstance(value, ContextProperty)}
    own: set[str] = set()
    record_small(lambda: own.update(var.name for var in contextvars.copy_context()))
    assert own >= {f"Settings.{name}" for name in properties} | {"global_config", "global_secret_keys"}


def test_recording_leaves_the_callback_server_of_another_program_running() -> None:
    async def other_program() -> None:
        monitor: Any = None
        servicer: Any = _CallbackServicer(monitor)
        await servicer.serve()
        record_small(lambda: thing("thing"))
        host, port = servicer._target.split(":")
        try:
            socket.create_connection((host, int(port))).close()
        finally:
            await servicer._server.stop(grace=0)
            _CallbackServicer._servicers.remove(servicer)

    asyncio.run(other_program())


def test_only_a_recording_leaves_out_where_in_the_program_a_resource_is_made() -> None:
    """The SDK looks for the third constructor on the stack."""

    class Base:
        def __init__(self) -> None:
            self.frames = vars(sdk)["_get_stack_trace"]().frames

    class Custom(Base):
        def __init__(self) -> None:
            super().__init__()

    class Bucket(Custom):
        def __init__(self) -> None:
            super().__init__()

    recorded = []
    assert Bucket().frames
    record_small(lambda: recorded.append(list(Bucket().frames)))
    assert recorded == [[]]
    assert Bucket().frames


@pytest.mark.parametrize("enabled", [True, False])
def test_the_collector_is_off_while_recording_and_then_as_before(*, enabled: bool) -> None:
    states: list[bool] = []

    def program() -> None:
        record_small(lambda: states.append(gc.isenabled()))
        states.append(gc.isenabled())

    was_enabled = gc.isenabled()
    try:
        (gc.enable if enabled else gc.disable)()
        record_small(program)
        assert states == [False, False]
        assert gc.isenabled() is enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_the_collector_is_on_again_after_an_error() -> None:
    with pytest.raises(SystemExit):
        record_small(lambda: sys.exit(3))
    assert gc.isenabled()


def test_recordings_in_many_threads_are_equal_byte_for_byte(recording: Recording) -> None:
    barrier = threading.Barrier(3)

    def run(_: int) -> bytes:
        barrier.wait()
        return as_json(record_shop())

    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(run, range(3))) == {as_json(recording)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["1", "2"])
def test_recordings_of_other_processes_are_equal_byte_for_byte(recording: Recording, seed: str) -> None:
    code = "import sys, tests.stacks.recorded_shop as t; sys.stdout.buffer.write(t.as_json(t.record_shop()))"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    process = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert process.stdout == as_json(recording)
