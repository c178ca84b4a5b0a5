"""What every part of a design is, whatever else it says."""

import msgspec

from catalog.document import Origin


class Element(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Base of every part of a design: its name, and its `origin`, the place in the catalog that asks for
    it."""

    name: str
    origin: Origin
