"""What a file says that exists, whatever kind of file it is."""

import msgspec


class FoundResource(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A resource that exists. `type` is its token, empty for one that pave makes none of, or that isn't said;
    `kind` is what the file calls that. `id` is the one by which its provider imports it. `project` is empty
    where that isn't known, `title` what people call it. `where` it stands in the file, and `manager` is the
    tool that the file says manages it."""

    type: str
    kind: str
    id: str
    project: str = ""
    labels: dict[str, str] = {}
    title: str = ""
    where: str = ""
    manager: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.id}".strip()
