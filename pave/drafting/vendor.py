"""A vendor's first file. Pure."""

from catalog.document import Json
from catalog.yaml.parsed import Pointer
from pave.drafting.service import Draft


def vendor(name: str) -> Draft:
    """What services depend on when they call somebody else's service: how available that is, and where it
    answers. What only its contract says stands as a placeholder, with a note that says so."""
    spec: Json = {
        "availability": 99.0,
        "evidence": "assumed",
        "hosts": [f"api.{name}.example.com"],
    }
    notes: dict[Pointer, str] = {
        ("spec", "availability"): "Fill in: what it publishes or has shown; and its `source`.",
        ("spec", "evidence"): "Fill in: contract, published, measured, or assumed as long as nobody knows.",
        ("spec", "hosts"): "Fill in: the hosts that are called; pods reach no others.",
    }
    metadata: Json = {"name": name, "title": name.replace("-", " ").capitalize()}
    data: Json = {"apiVersion": "pave/v1", "kind": "Vendor", "metadata": metadata, "spec": spec}
    return Draft(data, notes, [])
