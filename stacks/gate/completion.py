"""When all resources of a run are registered: only then is known what was asked for."""

import asyncio
from collections.abc import Callable
from typing import Any

import pulumi


def at_the_end(value: Callable[[], Any]) -> pulumi.Output[Any]:
    """What `value` gives once each resource made from now on is registered, or wasn't to be.

    To be called before the program makes any; what is made by the way, once others are there, is waited for
    too."""
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
