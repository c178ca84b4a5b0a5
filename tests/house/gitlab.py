"""What GitLab makes of a pipeline's files: includes with inputs, and the lines that a runner runs.

Only what our files use: https://docs.gitlab.com/ci/inputs/, https://docs.gitlab.com/ci/yaml/includes/."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from policies.private_folder import code_directory

Json = dict[str, Any]
HOME = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
COMPONENT = HOME / "templates" / "pave.yml"
KEYWORDS = {"spec", "workflow", "stages", "variables", "default", "include"}
INPUT = re.compile(r"\$\[\[ inputs\.([\w-]+) \]\]")

MAKE = """\
#!/bin/sh
# Instead of make: `set-up` makes in no time what takes minutes, all else only says what it would do.
folder=.
if [ "$1" = -C ]; then folder=$2; shift 2; fi
folder=$(cd "$folder" && pwd)
mkdir -p "$folder/.venv/bin" "$folder/policies/__pycache__"
cp -Rp "{compiled}" "$folder/policies/__pycache__/" 2>/dev/null || true # as after a first run
for name in python pave; do
  made="$folder/.venv/bin/$name"
  case $name in pave) words='-P -m pave' ;; *) words='' ;; esac # -P: as one that is installed
  printf '#!/bin/sh\\nPYTHONPATH="%s" exec "{python}" %s "$@"\\n' "$folder" "$words" > "$made"
  chmod +x "$made"
done
if [ "$1" != set-up ]; then exec {make} --no-print-directory -C "$folder" --dry-run "$@"; fi
"""


def pipeline(path: Path) -> Json:
    """A pipeline with all that it includes from its own repository; its own words win."""
    (own,) = _documents(path)
    merged: Json = {}
    for include in own.pop("include", ()):
        merged = _merge(merged, component(path.parent / include["local"], include.get("inputs", {})))
    return _merge(merged, own)


def component(path: Path, values: Mapping[str, Any]) -> Json:
    """What a component adds to a pipeline that gives it these inputs."""
    header, body = _documents(path)
    inputs: Json = header["spec"]["inputs"]
    assert values.keys() <= inputs.keys(), "an input that there is none of"
    missing = [name for name, spec in inputs.items() if "default" not in spec and name not in values]
    assert not missing, f"inputs without a value: {missing}"
    filled = {name: values.get(name, spec.get("default")) for name, spec in inputs.items()}
    assert all(len(value) < 1024 for value in filled.values()), "GitLab takes less than 1 KB"
    found: Json = _interpolated(body, filled)
    return found


def header(path: Path) -> Json:
    """The part of a component that names its inputs."""
    first: Json = _documents(path)[0]
    return first


def jobs(pipeline: Json) -> dict[str, Json]:
    """The jobs of a pipeline, with what they extend and what its `default` says."""
    default = pipeline.get("default", {})
    found = {}
    for name, job in pipeline.items():
        if name in KEYWORDS or name.startswith("."):
            continue
        own = _merge(pipeline[job["extends"]], job) if "extends" in job else job
        found[name] = own if "trigger" in own else {**default, **own}
    return found


def complaint(scratch: Path, *pipelines: Json) -> str:
    """What GitLab's own schema has against some pipelines: nothing."""
    files = [scratch / f"pipeline-{number}.yml" for number, _ in enumerate(pipelines)]
    for file, pipeline in zip(files, pipelines, strict=True):
        file.write_bytes(msgspec.yaml.encode(pipeline))
    schema = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    command = [str(Path(sys.executable).with_name("check-jsonschema")), *schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def run(job: Json, cwd: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs the lines of a job as a runner does: in one shell, which ends at the first that fails
    (https://docs.gitlab.com/runner/shells/). Of this process it has only what says where programs are."""
    lines = [*job.get("before_script", ()), *job["script"]]
    own = {name: _value(value, variables) for name, value in job.get("variables", {}).items()}
    return subprocess.run(
        ["bash", "-c", "set -eo pipefail\n" + "\n".join(lines)],
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd), **variables, **own},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


def make_without_set_up(folder: Path) -> Path:
    """A folder for PATH, with a `make` that is fast. What the real one does, everybody's first one shows."""
    folder.mkdir(parents=True)
    real = shutil.which("make")
    assert real is not None
    (folder / "make").write_text(MAKE.format(python=sys.executable, make=real, compiled=code_directory()))
    (folder / "make").chmod(0o755)
    return folder


def _value(value: Any, variables: Mapping[str, str]) -> str:
    if isinstance(value, dict) and value.get("expand") is False:
        return str(value["value"])
    return re.sub(r"\$(\w+)", lambda name: variables.get(name[1], ""), str(value))


def _documents(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def _interpolated(value: Any, inputs: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {_interpolated(name, inputs): _interpolated(each, inputs) for name, each in value.items()}
    if isinstance(value, list):
        return [_interpolated(each, inputs) for each in value]
    if not isinstance(value, str):
        return value
    whole = INPUT.fullmatch(value)
    return inputs[whole[1]] if whole else INPUT.sub(lambda found: str(inputs[found[1]]), value)


def _merge(base: Json, over: Json) -> Json:
    merged = {**base, **over}
    for name in base.keys() & over.keys():
        if isinstance(base[name], dict) and isinstance(over[name], dict):
            merged[name] = _merge(base[name], over[name])
    return merged
