"""Redis, in Memorystore."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from catalog.document import Json
from catalog.kind import Fields
from catalog.stores.restarted import Maintenance, maintenance
from catalog.stores.store import Store, Surroundings


class Snapshots(Fields, frozen=True):
    """Whether what a cache holds is written to a disk every hour."""

    enabled: bool


class Redis(Store, frozen=True, kw_only=True, tag="redis"):
    """A Redis in Memorystore, with a password that the cloud makes up."""

    version: str
    size: str
    availability: Literal["regional", "zonal"]
    encryption: Literal["required", "optional"]
    authentication: bool
    memory_gb: int
    backup: Snapshots
    maintenance: Maintenance
    family: str = "cache"

    VERSIONS: ClassVar[tuple[str, ...]] = ("3.2", "4.0", "5.0", "6", "7.0", "7.2")
    """As of August 2026."""
    VERSIONS_PAGE: ClassVar[str] = "https://cloud.google.com/memorystore/docs/redis/supported-versions"
    ON_MACHINES: ClassVar[bool] = True
    FACTS: ClassVar[Mapping[str, str]] = {
        "HOST": "its address",
        "PORT": "port there",
        "CA": "where connections are encrypted: certificates that sign its own, in PEM",
        "AUTH": "its password, where it asks for one",
    }

    @classmethod
    def computed(cls, written: Json, around: Surroundings) -> Json:
        """With the memory of its size."""
        return {
            "version": "7.2",
            "availability": "zonal" if around.purpose == "development" else "regional",
            "memoryGb": around.size["memoryGb"],
            **written,
            "maintenance": maintenance(written, around, is_second=True),
        }

    @classmethod
    def secrets(cls, written: Json) -> tuple[str, ...]:
        """Its password, where it asks for one: the AUTH string."""
        is_made = written.get("runtime", "managed") == "managed" and written.get("authentication", True)
        if not is_made:
            return ()
        return (_password_of(str(written.get("of", written["name"])), written.get("generation", 1)),)

    @property
    def secret_facts(self) -> Mapping[str, str]:
        """The same."""
        is_made = self.runtime == "managed" and self.authentication
        return {"AUTH": _password_of(self.lineage, self.generation)} if is_made else {}


def _password_of(lineage: str, generation: int) -> str:
    """The name of the secret that holds it, as lasting as the instance: switching leaves both alone."""
    return f"{lineage}-auth" if generation == 1 else f"{lineage}-g{generation}-auth"
