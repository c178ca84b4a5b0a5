"""Speaks to the local cloud as the engine does, so that its rules are tested without one."""

from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from pave.local_cloud.settings import API
from pave.local_cloud.store import CloudStore
from stacks.providers.apis import apis_of
from stacks.providers.table import TYPES

Inputs = dict[str, Any]
PROJECT = "acme"


def enable_apis(store: CloudStore, *projects: str) -> None:
    """Enables every API that a stack uses, as a foundation would: in `PROJECT` when no other is named."""
    for project in projects or (PROJECT,):
        for api in apis_of(TYPES):
            store.set(API, f"{project}/{api.service}", "enabled")


class Client:
    """A provider of one project in one region, on its own connection."""

    def __init__(self, port: int, project: str = PROJECT, region: str = "us-east1") -> None:
        own = [("grpc.use_local_subchannel_pool", 1)]  # or two clients share a connection
        self._channel = grpc.insecure_channel(f"127.0.0.1:{port}", own)
        self._stub: Any = provider_pb2_grpc.ResourceProviderStub(self._channel)
        args = struct({"project": project, "region": region, "clusterIdentifier": f"{project}/cluster"})
        self.configured = self._stub.Configure(provider_pb2.ConfigureRequest(args=args))

    def close(self) -> None:
        self._channel.close()

    def check(self, token: str, inputs: Inputs) -> dict[str, str]:
        """The properties that are refused, and why."""
        request = provider_pb2.CheckRequest(urn=urn(token), news=struct(inputs))
        return {failure.property: failure.reason for failure in self._stub.Check(request).failures}

    def create(
        self, token: str, inputs: Inputs, *, preview: bool = False, patience: float = 0
    ) -> tuple[str, Inputs]:
        """The id and the properties. A refusal is a grpc.RpcError."""
        request = provider_pb2.CreateRequest(
            urn=urn(token), properties=struct(inputs), preview=preview, timeout=patience
        )
        response = self._stub.Create(request)
        return response.id, plain(response.properties)

    def update(self, token: str, id_: str, old: Inputs, new: Inputs) -> Inputs:
        request = provider_pb2.UpdateRequest(
            urn=urn(token), id=id_, olds=struct(old), old_inputs=struct(old), news=struct(new)
        )
        return plain(self._stub.Update(request).properties)

    def diff(self, token: str, id_: str, old: Inputs, new: Inputs) -> tuple[set[str], set[str]]:
        """The paths that change, and those of them that replace."""
        request = provider_pb2.DiffRequest(
            urn=urn(token), id=id_, olds=struct(old), old_inputs=struct(old), news=struct(new)
        )
        detailed = self._stub.Diff(request).detailedDiff
        replacing = {
            path for path, what in detailed.items() if what.kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
        }
        return set(detailed), replacing

    def shake_hands(self) -> None:
        """What an engine does first."""
        self._stub.Handshake(provider_pb2.ProviderHandshakeRequest())

    def cancel(self) -> None:
        self._stub.Cancel(empty_pb2.Empty())

    def read(self, token: str, id_: str, known: Inputs | None = None) -> tuple[str, Inputs]:
        """What a refresh is told of a resource that is `known`; without that, what an import is."""
        request = provider_pb2.ReadRequest(urn=urn(token), id=id_, properties=struct(known or {}))
        response = self._stub.Read(request)
        return response.id, plain(response.inputs)

    def delete(self, token: str, id_: str) -> None:
        self._stub.Delete(provider_pb2.DeleteRequest(urn=urn(token), id=id_))


def urn(token: str) -> str:
    return f"urn:pulumi:stack::pave::pave:area:Component${token}::name"


def struct(values: Inputs) -> Struct:
    made = Struct()
    made.update(values)
    return made


def plain(values: Any) -> Inputs:
    from stacks.properties import from_struct

    return from_struct(values)
