"""Accounts by which Google's own services act in a project."""

import pulumi
from pulumi_gcp import projects

from catalog.document import Origin
from components.paved import Paved

PUBSUB = "pubsub.googleapis.com"


class ServiceAgents(Paved, area="foundation"):
    """Asks for the account of Pub/Sub, which is else there only once somebody used a topic: it puts dead
    letters where they belong, and what queues grant it names it.

    https://cloud.google.com/iam/docs/service-agents"""

    pubsub: pulumi.Output[str]

    def __init__(
        self, name: str, project: str, origin: Origin, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(f"{name}-agents", origin, opts)
        agent = projects.ServiceIdentity(f"{name}-pubsub", project=project, service=PUBSUB, opts=self.child())
        self.pubsub = agent.member
        self.register_outputs({})
