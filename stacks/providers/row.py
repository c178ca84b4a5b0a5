"""A row of the table: what is known of one type of resource."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from catalog.document import Json

GOOGLE = "https://github.com/hashicorp/terraform-provider-google/blob/main/"
"""Google's Terraform provider, which is what `pulumi-gcp` runs; as of August 2026."""

DOCS = f"{GOOGLE}website/docs/r/"
"""Its pages, one for each type."""


class ResourceType(NamedTuple):
    """What a provider does with resources of one type. A dotted name is a field of an object among the
    inputs, whether that object stands in a list or not.

    `source` is the URL where the provider says it: `ForceNew` is immutable there, `Required` required.

    `id` is the template of the id, filled with inputs and with the provider's project and region, which are
    escaped as in a query if it `is_escaped`; empty for Kubernetes, see `ids`.

    `required` are the inputs that must be there. A resource is replaced when an `immutable` input changes,
    or one of those that `replaced_when(old, new)` names: it takes the inputs before and after, without the
    marks of secrets; those that `cleared_when(old, new)` names aren't changes at all, and the provider leaves
    them as they are. `needs` says which input names a resource of which type that has to be there first.

    `minutes` is about how long creating, changing or deleting one takes: figures for demonstrations, nobody
    promises them.

    With `{number}` in its `id` the cloud counts them, or makes an id up: nobody knows it before, and a second
    one beside the first is no harm, since the newest counts, or both say the same.

    `data` is what it holds that is lost when it is deleted or replaced; `identity` what others know it by,
    which one that is made anew wouldn't have. Both are empty for what can simply be made again.

    `is_store` says that it is (part of) what a service's spec calls a store. One that `is_forever` is never
    deleted: the provider takes it out of the state, and it stays there with its name."""

    source: str
    id: str
    required: tuple[str, ...] = ()
    immutable: tuple[str, ...] = ()
    replaced_when: Callable[[Json, Json], Iterator[str]] | None = None
    cleared_when: Callable[[Json, Json], Iterator[str]] | None = None
    needs: Mapping[str, str] = {}
    minutes: float = 0.0
    is_escaped: bool = False
    data: str = ""
    identity: str = ""
    is_store: bool = False
    is_forever: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether the cloud counts them."""
        return "{number}" in self.id

    @property
    def is_stateful(self) -> bool:
        """Whether it can't be made again as it was."""
        return bool(self.data or self.identity)
