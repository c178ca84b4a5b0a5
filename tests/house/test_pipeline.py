"""The pipelines: GitLab takes them, and nobody gets past them. test_pipeline_runs.py runs what they say."""

import re
import shlex
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from pave.gitlab.child_pipeline import GATE, PipelineSettings, as_yaml, delivery, review
from pave.planning.changed import NEVER, changes_since
from pave.reports.changes import Affected, ChangeReport
from pave.reports.output import outputs
from tests.house import gitlab
from tests.house.gitlab import COMPONENT, complaint, jobs

HOME = Path(__file__).resolve().parents[2]
PIPELINE = HOME / ".gitlab-ci.yml"
MERGE_REQUEST = '$CI_PIPELINE_SOURCE == "merge_request_event"'
CREDENTIALS = {"secrets", "id_tokens", "identity"}
IMAGE = "registry.example.com/acme/pave@sha256:" + "0f" * 32

Json = dict[str, Any]


@pytest.fixture(scope="module")
def pipeline() -> Json:
    return gitlab.pipeline(PIPELINE)


@pytest.fixture(scope="module")
def component() -> Json:
    return gitlab.component(COMPONENT, {"image": IMAGE})


@pytest.fixture(scope="module")
def everything(shipped: Path) -> ChangeReport:
    """All stacks of the shipped catalog, affected by a change since some commit."""
    report = changes_since(NEVER, shipped)
    return msgspec.structs.replace(report, since="main", commit="0" * 7 + "1" * 33)


SETTING = PipelineSettings(IMAGE, "catalog", "make set-up", "make -C gate set-up", "our rules")
NOTHING = ChangeReport(since="main", commit="1" * 40, everywhere=[], stacks=[], gone=[])


# GitLab takes them.


def test_gitlab_accepts_the_pipeline(pipeline: Json, tmp_path: Path) -> None:
    assert complaint(tmp_path, pipeline) == ""


@pytest.mark.parametrize(
    "inputs",
    [
        {},
        {
            "catalog": "specs",
            "policies": "our rules",
            "branch": "stable",
            "stage-gate": "judge",
            "stage-plan": "show",
            "stage-deliver": "go",
            "delivery-image": "$PAVE_IMAGE",
            "set-up": "one\ntwo",
            "gate-set-up": "three",
        },
    ],
    ids=["defaults", "others"],
)
def test_gitlab_accepts_the_component(inputs: Mapping[str, str], tmp_path: Path) -> None:
    made = gitlab.component(COMPONENT, {"image": IMAGE, **inputs})
    assert complaint(tmp_path, gitlab.header(COMPONENT), made) == ""
    text = as_yaml(made)
    assert "$[[" not in text
    assert [value for value in inputs.values() if value.split("\n")[0] not in text] == []


def test_gitlab_accepts_the_child_pipelines(everything: ChangeReport, tmp_path: Path) -> None:
    found = [
        make(report, setting)
        for make in (review, delivery)
        for report in (everything, NOTHING)
        for setting in (SETTING, PipelineSettings(IMAGE, "some specs"))
    ]
    assert complaint(tmp_path, *found) == ""
    for made in found:
        assert yaml.safe_load(as_yaml(made)) == made
        assert jobs(made), "GitLab refuses a pipeline without a job"


def test_gitlab_accepts_the_example_of_the_manual(tmp_path: Path) -> None:
    (text,) = re.findall(
        r"```yml\n(.*?)```", (HOME / "templates" / "README.md").read_text("utf-8"), re.DOTALL
    )
    example = yaml.safe_load(text)
    assert complaint(tmp_path, example) == ""
    (include,) = example["include"]
    made = gitlab.component(COMPONENT, include["inputs"])
    assert {job["stage"] for job in jobs(made).values()} == set(example["stages"])
    assert example["workflow"] == gitlab.pipeline(PIPELINE)["workflow"]


def test_a_mistake_in_a_pipeline_is_complained_about(pipeline: Json, tmp_path: Path) -> None:
    check = {**pipeline["check"], "resource_grupp": "one"}
    assert "resource_grupp" in complaint(tmp_path, {**pipeline, "check": check})


def test_the_component_names_no_stage_that_the_pipeline_lacks(pipeline: Json) -> None:
    assert {job["stage"] for job in jobs(pipeline).values()} == set(pipeline["stages"])


# Nobody gets past them.


def in_merge_requests(pipeline: Json) -> dict[str, Json]:
    return {
        name: job
        for name, job in jobs(pipeline).items()
        if "rules" not in job or MERGE_REQUEST in [rule["if"] for rule in job["rules"]]
    }


def test_every_job_can_stop_the_merge(pipeline: Json) -> None:
    found = in_merge_requests(pipeline)
    assert found.keys() == {"check", "affected", "plan", "lint", "test", "test-engine"}
    assert [name for name, job in found.items() if job.get("allow_failure") or job.get("when")] == []
    assert found["plan"]["trigger"] == {
        "include": [{"artifact": "pave-child.yml", "job": "affected"}],
        "strategy": "depend",
    }


def test_a_blocked_plan_stops_the_merge(everything: ChangeReport) -> None:
    made = jobs(review(everything, SETTING))
    assert [name for name, job in made.items() if job.get("allow_failure")] == ["note"]


def test_the_verdict_is_kept_whether_or_not_it_blocks(pipeline: Json, everything: ChangeReport) -> None:
    made = jobs(review(everything, SETTING))
    for job in (pipeline["check"], *(job for name, job in made.items() if name != "note")):
        assert job["artifacts"]["when"] == "always"
        assert all(path.startswith("reports/") for path in job["artifacts"]["paths"])


def test_gitlab_is_given_every_report_that_it_reads(pipeline: Json, everything: ChangeReport) -> None:
    plans = [job for name, job in jobs(review(everything, SETTING)).items() if name != "note"]
    for job in (pipeline["check"], *plans):
        reports = job["artifacts"]["reports"]
        assert reports.keys() >= {"codequality", "junit", "sarif"}
        assert ("terraform" in reports) == (job is not pipeline["check"])
        (judging,) = (line for line in job["script"] if "--output" in line)
        words = [word.split()[0] for word in judging.split(" --output ")[1:]]
        written = {output.path.as_posix(): output.format for output in outputs(words)}
        assert {kind: written[path] for kind, path in reports.items()} == {kind: kind for kind in reports}


def test_what_holds_a_token_runs_only_the_target_branchs_code(
    pipeline: Json, everything: ChangeReport
) -> None:
    """And what could give a job a token is written by it, too."""
    inputs = yaml.safe_load(PIPELINE.read_text())["include"][0]["inputs"]
    made = review(
        everything, PipelineSettings("python:3.11", "catalog", inputs["set-up"], inputs["gate-set-up"])
    )
    trusted = {**{name: pipeline[name] for name in ("check", "affected")}, "note": made["note"]}
    for name, job in trusted.items():
        assert job["before_script"] == [inputs["gate-set-up"]], name
        assert not re.search(r"\bmake\b|\.venv|python", "\n".join(job["script"])), name
    for name, job in {**jobs(pipeline), **jobs(made)}.items():
        assert not CREDENTIALS & set(job), name
        environment = {"name": GATE, "action": "access"} if name in {"check", "note"} else None
        assert job.get("environment") == environment, name


def written_by(job: Json) -> set[str]:
    """The names of the caches that a job reads and writes."""
    caches = job.get("cache", [])
    return {cache["key"].get("prefix", "") for cache in (caches if isinstance(caches, list) else [caches])}


def test_what_may_hold_a_token_reads_no_cache_that_a_merge_requests_code_wrote(
    pipeline: Json, component: Json, everything: ChangeReport
) -> None:
    made, delivered = jobs(review(everything, SETTING)), jobs(delivery(everything, SETTING))
    trusted = [*(pipeline[name] for name in ("check", "affected")), made.pop("note")]
    theirs = [jobs(pipeline)[name] for name in ("lint", "test", "test-engine")]
    reads = {"gate": trusted, "theirs": [*made.values(), *theirs], "delivered": list(delivered.values())}
    names = {kind: {name for job in found for name in written_by(job)} for kind, found in reads.items()}
    assert names == {"gate": {"pave-gate"}, "theirs": {"", "pave-plan"}, "delivered": {"pave-deliver"}}
    assert written_by(pipeline["deliverable"]) == {"pave-deliver"}
    for name in ("check", "affected", "deliverable"):
        assert jobs(component)[name]["cache"] == [], "whatever the pipeline that includes it caches"


def cache_keys(pipeline: Json) -> list[list[str]]:
    """The files of each cache's key, wherever it stands in a pipeline."""
    found: list[list[str]] = []
    for part in (pipeline, *pipeline.values()):
        caches = part.get("cache", []) if isinstance(part, dict) else []
        for cache in caches if isinstance(caches, list) else [caches]:
            found += [cache["key"]["files"]] if "files" in cache.get("key", {}) else []
    return found


def test_the_key_of_a_cache_is_made_of_two_files_at_most(
    pipeline: Json, component: Json, everything: ChangeReport
) -> None:
    """More than two are refused (https://docs.gitlab.com/ci/yaml/#cachekeyfiles), and the schema of GitLab's
    that `complaint` asks doesn't say so."""
    ours = cache_keys(pipeline)
    made = [cache_keys(make(everything, SETTING)) for make in (review, delivery)]
    assert len(ours) > 5
    assert all(made)
    for files in (*ours, *cache_keys(component), *(key for keys in made for key in keys)):
        assert 1 <= len(files) <= 2, files
        assert all((HOME / file).is_file() for file in files), files


def test_a_job_that_sets_pave_up_keeps_what_it_fetched(everything: ChangeReport) -> None:
    for make in (review, delivery):
        made = make(everything, SETTING)
        for job in jobs(made).values():
            (cache,) = job["cache"]
            assert cache["key"]["files"] == ["requirements.lock"]
            for variable in ("PIP_CACHE_DIR", "UV_CACHE_DIR"):
                kept = made["variables"][variable].removeprefix("$CI_PROJECT_DIR/")
                assert any(kept.startswith(path) for path in cache["paths"])
        made = make(everything, PipelineSettings(IMAGE, "catalog"))
        assert [job["cache"] for job in jobs(made).values() if job["cache"]] == []
        assert made["variables"].keys() == {"GIT_DEPTH"}


def judging(job: Json) -> list[list[str]]:
    """The commands of a job that judge, as words."""
    found = [shlex.split(line) for line in job.get("script", ()) if line.startswith("pave ")]
    return [words for words in found if words[1] in {"check", "plan", "preview", "up"}]


def test_every_command_that_judges_asks_the_own_rules(everything: ChangeReport) -> None:
    for make in (review, delivery):
        for own in ("", "our rules", f"{'1' * 40}:our rules"):
            setting = SETTING._replace(policies=own)
            for name, job in jobs(make(everything, setting)).items():
                commands = judging(job)
                assert len(commands) == (0 if name.startswith(("verify ", "recover ", "rollout ")) else 1)
                for words in commands:
                    asked = [after for word, after in pairwise(words) if word == "--policies"]
                    assert asked == ([own] if own else [])


def test_a_pipeline_names_no_secret(component: Json, everything: ChangeReport) -> None:
    for made in (
        component,
        gitlab.pipeline(PIPELINE),
        *(make(everything, SETTING) for make in (review, delivery)),
    ):
        for name, job in jobs(made).items():
            held = {**made.get("variables", {}), **job.get("variables", {})}
            assert not re.search(r"token|password|secret|key", " ".join(held), re.IGNORECASE), name


def test_only_a_protected_branch_is_delivered_and_only_where_a_cloud_is_named(component: Json) -> None:
    for name in ("deliverable", "deliver"):
        (rule,) = component[name]["rules"]
        assert rule == {
            "if": '$CI_COMMIT_BRANCH == "main" && $CI_COMMIT_REF_PROTECTED == "true" && $PAVE_CLOUD'
        }
    assert "needs" not in component["deliverable"], "it would not wait for what has to hold before"
    assert component["deliver"]["needs"] == ["deliverable"]
    assert component["deliver"]["trigger"]["strategy"] == "depend"


def test_no_commit_is_skipped_for_a_newer_one(pipeline: Json) -> None:
    """A pipeline delivers what differs from the commit before its own."""
    *_, branch = pipeline["workflow"]["rules"]
    assert branch["auto_cancel"] == {"on_new_commit": "none"}
    assert "$CI_COMMIT_BEFORE_SHA" in "\n".join(pipeline["deliverable"]["script"])


# One chain of jobs for each stack.


def chain(made: Json, stack: str) -> tuple[Json, Json, Json]:
    preview, apply, verify = (made[f"{step} {stack}"] for step in ("preview", "apply", "verify"))
    return preview, apply, verify


def test_a_stack_is_previewed_approved_applied_and_verified(everything: ChangeReport) -> None:
    made = delivery(everything, SETTING)
    for one in everything.stacks:
        preview, apply, verify = chain(made, one.stack)
        assert apply["needs"] == [f"preview {one.stack}"]
        assert verify["needs"] == [f"apply {one.stack}"]
        assert (apply["when"], apply["allow_failure"]) == ("manual", False)
        assert [job.get("when") for job in (preview, verify)] == [None, None]
        assert {job["resource_group"] for job in (preview, apply, verify)} == {one.stack}
        assert not any(job["interruptible"] for job in (preview, apply, verify))
        (saved,) = preview["artifacts"]["paths"]
        assert f"--save {saved}" in preview["script"][-1]
        assert f"--plan {saved} " in apply["script"][-1]
        assert preview["artifacts"]["access"] == "developer"


def test_foundations_are_verified_before_anything_on_them_is_previewed(everything: ChangeReport) -> None:
    made = delivery(everything, SETTING)
    for one in everything.stacks:
        preview, _, _ = chain(made, one.stack)
        foundation = f"foundation.{one.environment}"
        below = [] if one.stack == foundation else [f"verify {foundation}"]
        assert preview["needs"] == below
    alone = msgspec.structs.replace(everything, stacks=everything.stacks[-1:])
    preview, _, _ = chain(delivery(alone, SETTING), alone.stacks[0].stack)
    assert preview["needs"] == [], "its foundation is not affected"


def test_an_environment_is_where_protection_and_variables_are_set(everything: ChangeReport) -> None:
    made = delivery(everything, SETTING)
    preview, apply, verify = chain(made, "service.customersdot.production")
    here = {"name": "production/service/customersdot", "deployment_tier": "production"}
    actions = ("access", "start", "verify")
    assert [job["environment"] for job in (preview, apply, verify)] == [
        {**here, "action": action} for action in actions
    ]
    foundation = made["apply foundation.staging"]["environment"]
    assert (foundation["name"], foundation["deployment_tier"]) == ("staging/foundation", "staging")
    unreadable = Affected("foundation.lost", None, "lost", None, None, [])
    made = delivery(msgspec.structs.replace(everything, stacks=[unreadable]), SETTING)
    assert "deployment_tier" not in made["apply foundation.lost"]["environment"]


def test_only_an_approved_job_becomes_somebody_who_may_write(everything: ChangeReport) -> None:
    for name, job in jobs(delivery(everything, SETTING)).items():
        assert job["id_tokens"] == {"PAVE_ID_TOKEN": {"aud": "https://iam.googleapis.com/$PAVE_GCP_PROVIDER"}}
        is_writing = name.startswith(("apply ", "recover "))
        assert ("--writes" in "\n".join(job["script"])) == is_writing
        assert (job["environment"]["action"] == "start") == is_writing


def test_a_job_recovers_what_an_apply_that_was_cut_off_left(everything: ChangeReport) -> None:
    """A preview refuses to guess what was done, so that without it nothing in a pipeline would go on."""
    made = delivery(everything, SETTING)
    for one in everything.stacks:
        job = made[f"recover {one.stack}"]
        assert (job["when"], job["needs"]) == ("on_failure", [f"preview {one.stack}"])
        assert job["resource_group"] == one.stack
        (command,) = [shlex.split(line) for line in job["script"] if line.startswith("pave ")]
        assert command[:3] == ["pave", "recover", one.stack]
        assert not {f"recover {one.stack}"} & set(made[f"apply {one.stack}"]["needs"])


def test_a_delivery_of_nothing_is_a_pipeline_without_credentials() -> None:
    ((_, job),) = jobs(delivery(NOTHING, SETTING)).items()
    assert not CREDENTIALS & set(job)
    assert job["script"] == ["true"]


def test_every_make_target_that_a_pipeline_calls_exists(pipeline: Json) -> None:
    lines = [
        line
        for job in jobs(pipeline).values()
        for each in job.get("script", ())
        for line in each.splitlines()
    ]
    lines += [
        line
        for job in jobs(pipeline).values()
        for each in job.get("before_script", ())
        for line in each.splitlines()
    ]
    lines += (HOME / ".ci" / "run").read_text().splitlines()
    called = {word for line in lines for word in target(line)}
    makefile = (HOME / "Makefile").read_text()
    assert called >= {"set-up", "lint", "test", "test-engine", "test-kubernetes", "test-prometheus", "demo"}
    assert {name for name in called if f"\n{name}:" not in makefile} == set()


def target(line: str) -> list[str]:
    """The targets of a line that calls make."""
    words = line.replace("|", " | ").split()
    if "make" not in words or line.lstrip().startswith("#"):
        return []
    rest = words[words.index("make") + 1 :]
    if rest[:1] == ["-C"]:
        rest = rest[2:]
    return rest[:1]
