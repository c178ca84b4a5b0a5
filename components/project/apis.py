"""The APIs that a project must have enabled before anything is made in it."""

from collections.abc import Sequence

import pulumi
from pulumi_gcp import projects

from catalog.document import Origin
from components.paved import Paved


class Apis(Paved, area="foundation"):
    """Enables `services`, such as `compute.googleapis.com`, in the project of the provider.

    They stay enabled when the stack goes: what others made with them in the project would go with an API.
    Enabling takes two that nobody can enable this way, Service Usage and Cloud Resource Manager:
    https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/google_project_service."""

    def __init__(
        self, name: str, services: Sequence[str], origin: Origin, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(name, origin, opts)
        for service in services:
            projects.Service(service, service=service, disable_on_destroy=False, opts=self.child())
        self.register_outputs({})
