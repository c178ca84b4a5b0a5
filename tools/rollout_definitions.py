"""Restates the kinds of Argo Rollouts for the foundation: `python -m tools.rollout_definitions`.

They lie in the module that its controller is built from, of which `rollouts-controller/go.mod` says the
version. What they say for people is left out, which is two thirds of them, and so is what objects look like
that only its controller writes: whoever keeps the state of a foundation would keep it a hundred times."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from catalog.yaml.text import parse
from components.cluster.rollout_definitions import FILE

WRITTEN = {"AnalysisTemplate", "Rollout"}
"""Kinds whose objects others write."""

ANY = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}

MODULE = "github.com/argoproj/argo-rollouts"


def main() -> None:
    """Writes the file anew."""
    FILE.write_text(text(_sources()))


def text(sources: list[Path]) -> str:
    """The definitions that stand in YAML files, as the file holds them: JSON, one definition a line."""
    definitions = [parse(source.read_bytes(), source.name).data for source in sources]
    for each in definitions:
        for version in each["spec"]["versions"] if each["spec"]["names"]["kind"] not in WRITTEN else ():
            version["schema"] = {"openAPIV3Schema": ANY}
    definitions = [without_descriptions(each) for each in definitions]
    lines = [json.dumps(each, sort_keys=True, separators=(",", ":")) for each in definitions]
    return "[\n" + ",\n".join(lines) + "\n]\n"


def without_descriptions(value: Any, *, names: bool = False) -> Any:
    """The same schema without its descriptions; a field called so, one of `names`, stays."""
    if isinstance(value, dict):
        return {
            key: without_descriptions(each, names=key == "properties")
            for key, each in value.items()
            if names or key != "description"
        }
    return [without_descriptions(each) for each in value] if isinstance(value, list) else value


def _sources() -> list[Path]:
    folder = Path(__file__).with_name("rollouts-controller")
    found = re.search(rf"{MODULE} v(\S+)", (folder / "go.mod").read_text())
    assert found is not None
    command = ["go", "mod", "download", "-json", f"{MODULE}@v{found[1]}"]
    answer = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return sorted((Path(json.loads(answer.stdout)["Dir"]) / "manifests/crds").glob("*-crd.yaml"))


if __name__ == "__main__":
    main()
