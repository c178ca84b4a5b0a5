"""A value that is computed when a Pulumi program has registered all its resources."""

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi


def at_the_end(value: Callable[[], Any]) -> pulumi.Output[Any]:
    """An output with the result of `value()`, called when every resource of the program was registered, or
    failed to be.

    To be called before the program makes any resource. Resources that it makes later, in a callback of
    another one, are waited for too."""
    begun: list[pulumi.Resource] = []

    def begin(args: pulumi.ResourceTransformationArgs) -> None:
        begun.append(args.resource)

    async def ended() -> Any:
        awaited = -1
        while awaited != len(begun):
            awaited = len(begun)
            urns = (one.urn.future() for one in begun if hasattr(one, "urn"))
            await asyncio.gather(*urns, return_exceptions=True)
        return value()

    pulumi.runtime.register_stack_transformation(begin)
    return pulumi.Output.from_input(ended())
