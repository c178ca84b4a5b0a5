"""What all components share: where they come from, and how they hold on to what must not be lost."""

from collections.abc import Mapping
from typing import Any, ClassVar

import msgspec
import pulumi

from catalog.document import Origin


class Paved(pulumi.ComponentResource):
    """A component that knows the place in the catalog that it was made for.

    Its type token is `pave:<area>:<Class>`: `class Network(Paved, area="foundation")`. `origin` is its
    only input, so that a finding on any resource finds its owner's line by walking up the parents; beside it
    `origins` are those of children, by their names, that another place asks for. A subclass makes its
    children with `self.child()` or `self.stateful()` and ends with `register_outputs`."""

    token: ClassVar[str]

    def __init_subclass__(cls, *, area: str) -> None:
        super().__init_subclass__()
        cls.token = f"pave:{area}:{cls.__name__}"

    def __init__(
        self,
        name: str,
        origin: Origin,
        opts: pulumi.ResourceOptions | None = None,
        *,
        origins: Mapping[str, Origin] | None = None,
    ) -> None:
        others = {} if not origins else {"origins": msgspec.to_builtins(origins)}
        super().__init__(self.token, name, {"origin": msgspec.to_builtins(origin), **others}, opts)

    def child(self, **options: Any) -> pulumi.ResourceOptions:
        """Options of a child: this component is its parent, and it takes its providers from it."""
        return pulumi.ResourceOptions(parent=self, **options)

    def stateful(self, *, protected: bool, **options: Any) -> pulumi.ResourceOptions:
        """Options of a child whose loss can't be undone.

        When `protected`, the engine refuses to delete or replace it, and should it leave the program
        after all, leaves the thing itself alone."""
        guarded = True if protected else None
        return pulumi.ResourceOptions(parent=self, protect=guarded, retain_on_delete=guarded, **options)
