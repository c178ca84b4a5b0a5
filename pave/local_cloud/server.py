"""The gRPC server of a local cloud, on localhost. `pave cloud start` runs `python -m
pave.local_cloud.server`."""

import os
import re
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import grpc

from pave.local_cloud.cloud import Cloud
from pave.local_cloud.process import write_started
from pave.local_cloud.provider import METHODS, Provider
from pave.local_cloud.store import CloudStore, serving, store_file


class Served(NamedTuple):
    """A local cloud that listens on `port` until `stop` is called."""

    port: int
    store: CloudStore
    stop: Callable[[], None]


def serve(
    state: Path,
    clock: Callable[[], datetime],
    *,
    port: int = 0,
    speed: float = 0.0,
    crash: Callable[[], None] = lambda: os._exit(70),
) -> Served:
    """Serves the local cloud of the folder `state` in threads of this process. Port 0 takes any that is free.

    `clock` gives the time in UTC; `speed` is how many real seconds a simulated one takes; `crash` is what
    ends the process for a fault. Raises OSError when the port is taken."""
    store = CloudStore(store_file(state), clock)
    provider = Provider(store, Cloud(store, clock), speed, crash)
    # Without this, two servers would share a port and the engine would reach either.
    server = grpc.server(ThreadPoolExecutor(16), options=[("grpc.so_reuseport", 0)])
    server.add_generic_rpc_handlers((_handlers(provider),))
    try:
        bound = server.add_insecure_port(f"127.0.0.1:{port}")
    except RuntimeError as error:
        store.close()
        raise OSError(f"Port {port} of 127.0.0.1 is taken.") from error
    server.start()

    def stop() -> None:
        server.stop(grace=1).wait()
        store.close()

    return Served(bound, store, stop)


def _handlers(provider: Provider) -> Any:
    """A handler for each method of the protocol, with the message types of its service descriptor."""
    from google.protobuf import message_factory
    from pulumi.runtime.proto import provider_pb2

    service: Any = provider_pb2.DESCRIPTOR.services_by_name["ResourceProvider"]
    handlers = {}
    for name in METHODS:
        method = service.methods_by_name[name]
        handlers[name] = grpc.unary_unary_rpc_method_handler(
            getattr(provider, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()),
            request_deserializer=message_factory.GetMessageClass(method.input_type).FromString,
            response_serializer=message_factory.GetMessageClass(method.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(service.full_name, handlers)


def main(arguments: list[str]) -> None:
    """Serves until SIGTERM or SIGINT. `arguments` are the state folder, the port and the speed. Prints the
    port once it listens."""
    state, port, speed = Path(arguments[0]), int(arguments[1]), float(arguments[2])
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    with ExitStack() as stack:
        try:
            stack.enter_context(serving(state))
        except BlockingIOError:
            sys.exit(f"another process serves {state}, and can't be reached: one of another container?")
        served = serve(state, lambda: datetime.now(UTC), port=port, speed=speed)
        write_started(state, served.port)
        print(served.port, flush=True)
        over.wait()
        served.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
