"""What runs our Python program for the Pulumi engine, as `pulumi-language-python` of Pulumi's installer does.

The engine starts it, reads a port from its first line, and calls `Run` there. The installer's own isn't in
the Python SDK; the Automation API's language server is, and runs programs by the same code."""

import os
import runpy
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import grpc
from google.protobuf import empty_pb2, message_factory
from pulumi.automation._server import LanguageServer
from pulumi.runtime.proto import language_pb2, plugin_pb2

WATCH_SECONDS = 0.2


def run(request: Any, context: Any) -> Any:
    """Runs a program. One that failed has said all there is to say: the engine stops and adds nothing
    (https://github.com/pulumi/pulumi/blob/master/proto/pulumi/language.proto, `bail`)."""
    root = Path(request.info.program_directory)
    entry = root / (request.info.entry_point or ".")

    def program() -> None:
        sys.path.insert(0, request.info.root_directory)
        runpy.run_path(str(entry if entry.suffix == ".py" else entry / "__main__.py"), run_name="__main__")

    server: Any = LanguageServer(program)
    response = server.Run(request, context)
    return language_pb2.RunResponse(bail=True) if response.error else response


ANSWERS: dict[str, Any] = {
    "Handshake": lambda *_: language_pb2.LanguageHandshakeResponse(),
    "GetRequiredPlugins": lambda *_: language_pb2.GetRequiredPluginsResponse(),
    "GetRequiredPackages": lambda *_: language_pb2.GetRequiredPackagesResponse(),
    "GetPluginInfo": lambda *_: plugin_pb2.PluginInfo(),
    "GetProgramDependencies": lambda *_: language_pb2.GetProgramDependenciesResponse(),
    "RuntimeOptionsPrompts": lambda *_: language_pb2.RuntimeOptionsResponse(),
    "About": lambda *_: language_pb2.AboutResponse(executable=sys.executable),
    "Cancel": lambda *_: empty_pb2.Empty(),
    "Run": run,
}


def handlers() -> Any:
    service: Any = language_pb2.DESCRIPTOR.services_by_name["LanguageRuntime"]
    found = {}
    for name, answer in ANSWERS.items():
        method = service.methods_by_name[name]
        found[name] = grpc.unary_unary_rpc_method_handler(
            answer,
            request_deserializer=message_factory.GetMessageClass(method.input_type).FromString,
            response_serializer=message_factory.GetMessageClass(method.output_type).SerializeToString,
        )
    return grpc.method_handlers_generic_handler(service.full_name, found)


def leave_with(parent: int) -> None:
    """Ends this process when the engine that started it is gone: killed, it couldn't tell."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def main() -> None:
    """Serves until the engine ends it."""
    threading.Thread(target=leave_with, args=(os.getppid(),), daemon=True).start()
    server = grpc.server(ThreadPoolExecutor(4))
    server.add_generic_rpc_handlers((handlers(),))
    port = server.add_insecure_port("127.0.0.1:0")
    over = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    over.wait()
    os._exit(0)


if __name__ == "__main__":
    main()
