"""What judges is not changed by what is judged, unseen: a change to the gate itself is said in the report.

The pipeline takes rules, approvers, limits and baselines from the target branch; this names what a merge
request would change about them.
"""

from fnmatch import fnmatchcase
from pathlib import Path

from pave.git import changed_files
from pave.reports.model import GateChange

PARTS = {
    "rules": ("policies/rules/*", "policies/lib/*", "*.rego", "policies/bundle/*"),
    "what blocks, and the limits of waivers": ("policies/*.py", "policies/capabilities.json"),
    "the gate in the program": ("stacks/*", "components/*", "Pulumi.yaml"),
    "approvers": ("CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS"),
    "the pipeline": (
        *(".gitlab-ci.yml", "templates/*.yml", ".ci/*"),
        *("Dockerfile", "Makefile", "requirements.lock"),
    ),
    "baselines": ("*baseline*.json",),
    "what is production, and protected": ("*/environments/*.yaml", "environments/*.yaml"),
    "waivers": ("*/waivers/*.yaml", "waivers/*.yaml"),
}
"""Part of the gate → patterns of the paths that make it, from the repository's root."""

MANUALS = "*.md"
"""Lie beside the parts of the gate, and nothing reads them."""


def gate_changes(revision: str, catalog: Path) -> list[GateChange]:
    """What differs from a revision about the gate itself. Raises Refused."""
    return [
        GateChange(part, path)
        for path in changed_files(revision, catalog)
        for part, patterns in PARTS.items()
        if any(fnmatchcase(path, pattern) for pattern in patterns) and not fnmatchcase(path, MANUALS)
    ]
