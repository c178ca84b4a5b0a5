"""What every kind of store has in a service's file once it is effective, as `service_spec` does of the rest,
and what a kind may say of itself.

Field names and units are those of `catalog/schema/service.schema.json`, which describes each; a field that
not all kinds have says there, under `kinds`, which ones do.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, NamedTuple

from catalog.document import Json
from catalog.kind import Fields
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer


class Surroundings(NamedTuple):
    """What the defaults of a store follow from: the tier, class of data and peak hours of its service, the
    purpose of its environment, and what the size that it has means there, as in the environment's file."""

    tier: str
    data_class: str | None
    peak_hours: Sequence[int]
    purpose: str
    size: Mapping[str, Any]


class Store(Fields, frozen=True, kw_only=True, tag_field="kind"):
    """Something that the service owns and keeps data in. `need` is `hard` when the service is down without
    it; where it is `soft`, `coverage_percent` of its outages are survived. `generation` counts copies built
    beside each other to switch between; one that is another generation `of` a store has a name of its own as
    long as both are there. What is `leaving` is protected no longer.

    Its class is its kind, and says what is special about that. `family` is what rules tell kinds apart by:
    all of one family are judged alike."""

    name: str
    runtime: Literal["managed", "vm"]
    need: Literal["hard", "soft"]
    coverage_percent: float
    generation: int
    of: str | None
    leaving: bool
    family: str

    VERSIONS: ClassVar[tuple[str, ...]] = ()
    """Those that can be asked for, the oldest first; none where a kind has no versions."""

    VERSIONS_PAGE: ClassVar[str] = ""
    """Where Google lists them."""

    FACTS: ClassVar[Mapping[str, str]] = {}
    """What the platform tells workloads of it, and in words what that is: `HOST` stands for `DB_HOST`, of the
    store `db`."""

    ON_MACHINES: ClassVar[bool] = False
    """Whether there may be one on a machine of today."""

    @property
    def kind(self) -> str:
        """The word for it in a service's file."""
        return str(self.__struct_config__.tag)

    @property
    def lineage(self) -> str:
        """The name that all generations of it share: what its resources are called after."""
        return self.of or self.name

    @classmethod
    def computed(cls, written: Json, around: Surroundings) -> Json:
        """A schema-valid store with those of its defaults that follow from its surroundings."""
        return written

    @classmethod
    def facts(cls, written: Json) -> Mapping[str, str]:
        """What workloads are told of a schema-valid store."""
        return cls.FACTS

    @classmethod
    def secrets(cls, written: Json) -> tuple[str, ...]:
        """The names of the secrets that a schema-valid store makes up."""
        return ()

    @property
    def secret_facts(self) -> Mapping[str, str]:
        """What workloads are told in secret: the name of the secret, by the fact."""
        return {}

    @classmethod
    def wrong(cls, written: Json, at: Pointer, service: Json) -> Iterator[Wrong]:
        """What no schema can say is wrong with a store at a pointer of a schema-valid, merged service."""
        return iter(())


def variable(store: str, fact: str) -> str:
    """`DB_HOST`: the variable that tells workloads a fact about a store, or a service that they call."""
    return f"{store}_{fact}".upper().replace("-", "_")


def name_taken(what: str) -> Wrong:
    """A service, whose name its databases get, is called what something else is."""
    return ("metadata", "name"), "catalog/reserved-name", what, "Give the service another name."
