"""Leads somebody else's evaluator to the unit's Alertmanagers."""

from collections.abc import Mapping

import pulumi

from components.design.unit.model import Evaluator
from components.paved import Paved


class ToldBy(Paved, area="unit"):
    """A patch of the object by which an evaluator is configured, which isn't ours: with server-side apply the
    fields are the unit's, and go with it, and all others stay whose they are
    (https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/)."""

    def __init__(
        self,
        design: Evaluator,
        unit: str,
        *,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(f"{unit}-{design.name}", design.origin, opts)
        namespace, name = design.configured
        # The SDK's own CustomResourcePatch has room for `spec` alone, which this kind has not.
        pulumi.CustomResource(
            f"kubernetes:{design.api}:{design.kind}Patch",
            f"{unit}-{design.name}",
            {
                "apiVersion": design.api,
                "kind": design.kind,
                "metadata": {"name": name, "namespace": namespace, "labels": dict(labels)},
                **design.fields,
            },
            self.child(),
        )
        self.register_outputs({})
