"""Teams: who owns services, and how they are reached at night."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from catalog.kind import Documents, Effective, Fields, ServiceAsWritten


class TeamSpec(Fields, frozen=True):
    """All that a team's file specifies, with every default filled."""

    slack_channel: str
    on_call: "TeamOnCall"
    members: list[str]
    email: str | None


class TeamOnCall(Fields, frozen=True):
    """When somebody of the team answers a page, by which schedule, and who is called next."""

    coverage: str
    schedule: str | None
    escalation: list[str]


class Team(Effective):
    """A team with its defaults filled in."""

    __slots__ = ()
    spec: TeamSpec
    Spec: ClassVar[type[msgspec.Struct] | None] = TeamSpec

    @classmethod
    def around(cls, service: ServiceAsWritten | None, catalog: Documents) -> Iterable[str]:
        """Who owns the service, the environment, or a hole in its firewall."""
        if service is None:
            return ()
        data, environment = service.data, service.environment
        waf = data["spec"].get("edge", {}).get("waf", {})
        holes = [*waf.get("exceptions", ()), *waf.get("leftOut", ())]
        owners = {data["metadata"]["owner"], *(each["owner"] for each in holes if "owner" in each)}
        return owners if environment is None else {*owners, environment["spec"]["owner"]}
