"""GitLab child pipelines: one chain of jobs for each stack that a change affects.

`review` is for a merge request, whose code is anybody's: it records plans, and no job of it that runs that
code can reach a credential. `delivery` is for a protected branch: a preview on the real engine, somebody's
approval, exactly that plan, and a look at what came of it. Foundations go before what stands on them.

Keywords: https://docs.gitlab.com/ci/yaml/.
"""

from collections.abc import Mapping
from shlex import quote
from typing import NamedTuple

import msgspec

from catalog.document import Json
from pave.reports.changes import Affected, ChangeReport, as_markdown

KEPT = {"PIP_CACHE_DIR": "$CI_PROJECT_DIR/.cache/pip", "UV_CACHE_DIR": "$CI_PROJECT_DIR/.cache/uv"}
"""Where what is fetched has to be to be kept: inside of the checkout."""

GATE = "pave/gate"
"""The environment of the jobs that run nothing of a merge request's code. A variable that is scoped to it
reaches no other job (https://docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable)."""

REPORTS = {
    "codequality": "codequality.json",
    "junit": "junit.xml",
    "sarif": "sarif",
    "terraform": "tfplan.json",
}
"""GitLab's name of a report → how the name of its file ends."""


class PipelineSettings(NamedTuple):
    """What the jobs are made with.

    `image` has what `set_up` needs. `set_up` are shell lines that put the `pave` of the checked-out commit on
    PATH, `gate_set_up` those that put the target branch's there; both are empty where the image has it.
    `catalog` is the catalog's folder. `policies` is what the commands are given as `--policies`, empty where
    there are no own rules."""

    image: str
    catalog: str
    set_up: str = ""
    gate_set_up: str = ""
    policies: str = ""

    @property
    def judging(self) -> str:
        """The options of each command that judges."""
        own = f" --policies {quote(self.policies)}" if self.policies else ""
        return f"--catalog {quote(self.catalog)}{own}"


def review(report: ChangeReport, setting: PipelineSettings) -> Json:
    """The child pipeline of a merge request: a plan for each stack, and one note about all of them."""
    jobs = {f"plan {one.stack}": _plan(one, report, setting) for one in report.stacks}
    return {**_frame(setting, ["plan", "note"], "plan"), **jobs, "note": _note(report, setting)}


def delivery(
    report: ChangeReport, setting: PipelineSettings, rollouts: Mapping[str, int] | None = None
) -> Json:
    """The child pipeline of a protected branch: preview, approval, apply and verification of each stack. Of
    those in `rollouts`, by how many minutes to wait at most, new versions are waited for, too."""
    first = {one.stack for one in report.stacks}
    jobs: Json = {}
    for one in report.stacks:
        below = f"foundation.{one.environment}"
        waits = [f"verify {below}"] if below in first - {one.stack} else []
        jobs |= _chain(one, waits, setting)
        if rollouts is not None and one.stack in rollouts:
            jobs[f"rollout {one.stack}"] = _rollout(one, setting, rollouts[one.stack])
    if not jobs:
        jobs["nothing to deliver"] = {"stage": "preview", "before_script": [], "script": ["true"]}
    return {**_frame(setting, ["preview", "recover", "apply", "verify", "rollout"], "deliver"), **jobs}


def _frame(setting: PipelineSettings, stages: list[str], kind: str) -> Json:
    """What the jobs of a kind share. Without a rule, GitLab starts no child pipeline in a merge request
    (https://docs.gitlab.com/ci/pipelines/downstream_pipelines/#run-child-pipelines-with-merge-request-pipelines)."""
    return {
        "workflow": {"rules": [{"if": '$CI_PIPELINE_SOURCE == "parent_pipeline"'}]},
        "stages": stages,
        "variables": {"GIT_DEPTH": "0", **(KEPT if setting.set_up or setting.gate_set_up else {})},
        "default": {
            "image": setting.image,
            "before_script": _lines(setting.set_up),
            "cache": _cache(kind, setting.set_up),
            "timeout": "1 hour",
        },
    }


def _cache(kind: str, set_up: str) -> list[Json]:
    """What is fetched to set pave up is kept for the next job; nothing where there is nothing to set up.

    Jobs of another `kind` have another cache: what one that runs anybody's code has written is never read by
    one that may hold a token."""
    if not set_up:
        return []
    return [{"key": {"files": ["requirements.lock"], "prefix": f"pave-{kind}"}, "paths": [".cache/"]}]


def _plan(one: Affected, report: ChangeReport, setting: PipelineSettings) -> Json:
    base = f"reports/plan/{one.stack}"
    command = ["pave", "plan", one.stack, setting.judging]
    if report.commit is not None:
        command += ["--against", report.commit]
    for ending in ("md", "json", *REPORTS.values()):
        command += ["--output", f"{base}.{ending}"]
    return {
        "stage": "plan",
        "interruptible": True,
        "script": [" ".join(command)],
        "artifacts": {
            "name": f"plan {one.stack}",
            "when": "always",
            "expire_in": "30 days",
            "paths": ["reports/plan/"],
            "reports": {kind: f"{base}.{ending}" for kind, ending in REPORTS.items()},
        },
    }


def _note(report: ChangeReport, setting: PipelineSettings) -> Json:
    """The only job here that may hold a token. It runs the target branch's code, on what the others left."""
    return {
        "stage": "note",
        "when": "always",
        "allow_failure": True,
        "interruptible": True,
        "environment": {"name": GATE, "action": "access"},
        "variables": {"CHANGED": {"value": as_markdown(report), "expand": False}},
        "before_script": _lines(setting.gate_set_up),
        "cache": _cache("gate", setting.gate_set_up),
        "script": [
            'notes="$(mktemp -d)"',
            f'pave check {setting.judging} --output "$notes/check.md" || test -f "$notes/check.md"',
            'printf "%s" "$CHANGED" > "$notes/changed.md"',
            'pave pipeline note "$notes/check.md" "$notes/changed.md" reports/plan/*.md',
        ],
    }


ALLOWED = '${PAVE_ALLOW_CHANGES:+--allow-changes "$PAVE_ALLOW_CHANGES"}'
"""How many resources may change at once, where whoever approves gives the job this variable
(https://docs.gitlab.com/ci/jobs/job_control/#specify-variables-when-running-manual-jobs)."""

ACCEPTED = '${PAVE_ACCEPT:+--accept "$PAVE_ACCEPT"}'
"""What may change without a way back, by the same person in the same way."""


_AGAIN = "echo 'Whatever was cut off is settled: retry the preview above.'"


def _chain(one: Affected, waits: list[str], setting: PipelineSettings) -> Json:
    """The jobs of one stack. Only one of them runs at a time, in all pipelines.

    A preview fails, and nothing could go on, where an earlier apply was cut off: then, and after any other
    failure, where it does nothing, a job settles that, with the rights of an apply."""
    saved, counted = f"plans/{one.stack}.json", f"plans/{one.stack}.tfplan.json"
    judged = f"{one.stack} {setting.judging} --cloud $PAVE_CLOUD"
    compared = f"{one.stack} --catalog {quote(setting.catalog)} --cloud $PAVE_CLOUD"
    return {
        f"preview {one.stack}": {
            **_on_the_cloud(one, "preview", "access", waits),
            "script": [*_credentials(), f"pave preview {judged} --save {saved} --output terraform={counted}"],
            "artifacts": {
                "name": f"preview {one.stack}",
                "expire_in": "1 week",
                "access": "developer",
                "paths": [saved],
                "reports": {"terraform": counted},
            },
        },
        f"recover {one.stack}": {
            **_on_the_cloud(one, "recover", "start", [f"preview {one.stack}"]),
            "when": "on_failure",
            "allow_failure": True,
            "script": [*_credentials("--writes"), f"pave recover {compared}", _AGAIN],
        },
        f"apply {one.stack}": {
            **_on_the_cloud(one, "apply", "start", [f"preview {one.stack}"]),
            "when": "manual",
            "manual_confirmation": f"Have you read what the preview of {one.stack} says?",
            "allow_failure": False,
            "script": [*_credentials("--writes"), f"pave up {judged} --plan {saved} {ALLOWED} {ACCEPTED}"],
        },
        f"verify {one.stack}": {
            **_on_the_cloud(one, "verify", "verify", [f"apply {one.stack}"]),
            "script": [*_credentials(), f"pave drift {compared}"],
        },
    }


LONGER_MINUTES = 15
"""For a runner, an image and setting up, beyond what a job waits for."""


def _rollout(one: Affected, setting: PipelineSettings, minutes: int) -> Json:
    """Waits until the new version has come to everybody, and fails with the reason where it was stopped.
    Meanwhile nobody is kept from an apply: the one that mends it may have to come first."""
    place = one.environment if one.instance is None else f"{one.environment}.{one.instance}"
    asked = f"{one.service} --env {place} --catalog {quote(setting.catalog)} --cloud $PAVE_CLOUD"
    job = _on_the_cloud(one, "rollout", "verify", [f"apply {one.stack}"])
    del job["resource_group"]
    return {
        **job,
        "timeout": f"{minutes + LONGER_MINUTES} minutes",
        "script": [*_credentials(), f"pave rollout wait {asked} --minutes {minutes}"],
    }


def _credentials(*options: str) -> list[str]:
    """In two lines: a shell takes no notice of what fails inside an `export`."""
    command = " ".join(["pave pipeline credentials", *options])
    return [f'credentials="$({command})"', "export $credentials"]


def _on_the_cloud(one: Affected, stage: str, action: str, needs: list[str]) -> Json:
    environment = {"name": environment_name(one), "action": action}
    if one.purpose is not None:
        environment["deployment_tier"] = one.purpose
    return {
        "stage": stage,
        "needs": needs,
        "interruptible": False,
        "resource_group": one.stack,
        "environment": environment,
        "id_tokens": {"PAVE_ID_TOKEN": {"aud": "https://iam.googleapis.com/$PAVE_GCP_PROVIDER"}},
    }


def environment_name(one: Affected) -> str:
    """`production/foundation`, `production/service/portal`: `production/*` is what variables and protection
    are set for."""
    kind = one.stack.partition(".")[0]
    parts = [kind] if one.service is None else [kind, one.service]
    return "/".join([one.environment, *parts, *([one.instance] if one.instance else [])])


def _lines(script: str) -> list[str]:
    return [script] if script else []


def as_yaml(pipeline: Json) -> str:
    """The pipeline as a file that GitLab reads."""
    return msgspec.yaml.encode(pipeline).decode()
