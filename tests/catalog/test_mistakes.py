"""Mistakes as people make them: each has one message, at its place, in the words of the file."""

from pathlib import Path

import pytest

from catalog import validation
from catalog.kinds.service import service_at
from catalog.loader import load
from catalog.pattern_rules import PATTERN_RULES
from catalog.schema_words import amount
from tests.catalog.test_loader import PORTAL, SHIPPED, root

__all__ = ["root"]

STAGE, NAME, IMAGE = "  stage: ga\n", "    - name: web\n", PORTAL.splitlines(keepends=True)[-1]

MISTAKES = [
    ("name: portal", f"name: {'p' * 70}", "3:18: `name` has 70 characters. Write at most 40, like"),
    ("owner: platform", "owner: our platform", '3:33: `owner` is "our platform". Write lower-case letters,'),
    ("apiVersion: pave/v1", "apiVersion: v1", '1:13: `apiVersion` is "v1", which is another format: of Kub'),
    ("apiVersion: pave/v1", "apiVersion: pave/v2", '1:13: `apiVersion` is "pave/v2", which is another form'),
    (NAME, "    - nmae: web\n", "8:7: Unknown field `nmae`. Did you mean `name`?"),
    (IMAGE, "", "8:7: This item lacks the field `image`. Add `image:`."),
    (IMAGE, f"{IMAGE}      port: 99999\n", "10:13: `port` is 99999. Write at most 65535."),
    (
        IMAGE,
        f"{IMAGE}      startupSeconds: 9999\n",
        "10:23: `startupSeconds` is 9999 seconds. Write at most 36",
    ),
    (
        IMAGE,
        f"{IMAGE}      replicas: {{min: }}\n",
        "10:22: `min` has no value. Write a whole number, such as",
    ),
    (IMAGE, f"{IMAGE}      replicas: {{min: six}}\n", '10:23: `min` is "six", a string. Write a whole num'),
    (IMAGE, f"{IMAGE}      labels: [a]\n", "10:7: Unknown field `labels`. Fields here: "),
    (IMAGE, f"{IMAGE}      consumer: yes\n", "10:7: Unknown field `consumer`. Fields here: "),
    (IMAGE, f"{IMAGE}      secrets: [key]\n", "10:7: Unknown field `secrets`. Fields here: "),
    (
        IMAGE,
        f"{IMAGE}      environment: [{{name: KEY, valueFrom: a}}]\n",
        "10:33: Unknown field `valueFrom`. Did you mean `secret`?",
    ),
    (
        IMAGE,
        f"{IMAGE}      environment: [{{name: KEY}}]\n",
        "10:21: This item needs exactly one of `value` or `secret`. Write one of `value` or `secret`.",
    ),
    (
        STAGE,
        f"{STAGE}  environments: [staging]\n",
        '7:18: this item is "staging", a string. Write a mapping, such as {name: staging}.',
    ),
    (
        STAGE,
        f"{STAGE}  recovery: {{restoreTestedOn: 01/11/2026}}\n",
        '7:31: `restoreTestedOn` is "01/11/2026". Write a day that there is, as year-month-day, like',
    ),
    (
        STAGE,
        f"{STAGE}  recovery: {{restoreTestedOn: 2026-02-30}}\n",
        '7:31: `restoreTestedOn` is "2026-02-30". Write a day that there is, as year-month-day, like',
    ),
    (STAGE, "  stage: GA\n", '6:10: `stage` is "GA". Write one of experiment, beta, ga. Did you mean `ga`?'),
    (STAGE, "  stage: production\n", '6:10: `stage` is "production". Write one of experiment, beta, ga.'),
    (
        STAGE,
        f"{STAGE}  edge: {{host: https://a.example/}}\n",
        '7:16: `host` is "https://a.example/". Write a',
    ),
    (
        STAGE,
        f"{STAGE}  availability: {{target: 99,5}}\n",
        '7:29: key `5` is not text, and keys must be. Quote it: `"5"`. In a number the point is a point',
    ),
    (STAGE, f"{STAGE}<<<<<<< HEAD\n", "7:1: a merge conflict was left here. Keep what is right, and delete"),
    (
        STAGE,
        f"{STAGE}>>>>>>> theirs\n",
        "7:1: a merge conflict was left here. Keep what is right, and delete",
    ),
    (IMAGE, f"{IMAGE}{NAME}{IMAGE}", "10:13: `web` stands twice in workloads. Give each its own name."),
    (
        IMAGE,
        f"{IMAGE}  environments: [{{name: staging, override: {{workloads: [{{name: wbe, cpu: 1}}]}}}}]\n",
        "10:64: The override for staging changes `wbe`, which is none of the workloads and not a whole one.",
    ),
    (
        IMAGE,
        f"{IMAGE}  dependencies: [{{name: z, vendor: zora}}]\n",
        "There is no vendor `zora` in the catalog. D",
    ),
]


def messages(root: Path) -> list[str]:
    """All that is wrong with the portal, read as a check reads it."""
    catalog = load(root)
    wrong = [*catalog.unusable, *catalog.problems]
    if "portal" in catalog.documents["Service"]:
        found = service_at(catalog, "portal", "production")
        environments = service_at(catalog, "portal", "staging") if not isinstance(found, list) else []
        wrong += found if isinstance(found, list) else []
        wrong += environments if isinstance(environments, list) else []
    return [str(each) for each in wrong]


@pytest.mark.parametrize(("old", "new", "message"), MISTAKES, ids=[each[2] for each in MISTAKES])
def test_a_mistake_has_one_message_at_its_place(root: Path, old: str, new: str, message: str) -> None:
    assert PORTAL.count(old) == 1
    (root / "services" / "portal.yaml").write_text(PORTAL.replace(old, new), "utf-8")
    (told,) = messages(root)
    assert message in told


def test_every_pattern_of_the_schemas_has_its_rule_in_words() -> None:
    asked: set[str] = set()

    def look(part: object) -> None:
        if isinstance(part, dict):
            asked.update(str(part[word]) for word in ("pattern", "format") if isinstance(part.get(word), str))
            for each in part.values():
                look(each)
        elif isinstance(part, list):
            for each in part:
                look(each)

    for kind in validation.kind_folders():
        look(validation.schema(kind))
    assert asked == set(PATTERN_RULES)


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (1, "replicas", "1 replica"),
        (1, "addresses", "1 address"),
        (2, "days", "2 days"),
        (7, "port", "7"),
        (25, "hour, UTC", "25"),
        (3, "", "3"),
        (1, "GB", "1 GB"),
    ],
)
def test_an_amount_agrees_with_its_unit(number: int, unit: str, said: str) -> None:
    assert amount(number, unit) == said


SPEC = "apiVersion: pave/v1\nkind: Service\n"


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("service/tea.yaml", SPEC, "nothing in `service` is read. Did you mean `services`?"),
        ("Services/tea.yaml", SPEC, "nothing in `Services` is read. Did you mean `services`?"),
        ("tea.yaml", SPEC, "is a spec in no folder of a kind. Move it"),
        ("services/tea.YAML", SPEC, "isn't read by that ending. Let its name end in `.yaml`."),
        ("services/tea.json", "{}\n", None),
        ("services/tea.txt", f"# tea\n{SPEC}", "isn't read by that ending. Let its name end in `.yaml`."),
        ("services/README.md", SPEC, None),
        ("services/portal.yaml~", SPEC, None),
        ("services/._portal.yaml", SPEC, None),
        ("services/.idea/portal.yaml", SPEC, None),
        ("examples/tea.yaml", SPEC, None),
        ("mkdocs.yaml", "site_name: x\n", None),
    ],
)
def test_a_spec_that_lies_where_nobody_reads_is_said(
    root: Path, path: str, text: str, told: str | None
) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, "utf-8")
    found = [str(each) for each in load(root).unusable]
    assert [path in each and (told or "") in each for each in found] == ([True] if told else [])


def test_the_lock_of_an_editor_that_leads_nowhere_is_no_spec(root: Path) -> None:
    (root / "services" / ".#portal.yaml").symlink_to("ada@desk.4711")
    assert load(root).unusable == []


def test_the_shipped_catalog_has_nothing_astray() -> None:
    assert load(SHIPPED).unusable == []
