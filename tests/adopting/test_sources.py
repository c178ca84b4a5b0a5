"""What files say that exists is read as it was written, and what is no such file is refused in a sentence."""

import contextlib
import json
import random
import re
from importlib import import_module
from pathlib import Path
from typing import Any, get_overloads

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.adopting import reading
from pave.adopting.found import FoundResource
from pave.adopting.reading import read_found
from pave.refused import Refused
from stacks.providers.ids import ProviderSettings
from stacks.providers.imports import ELSEWHERE, FORMS, import_id, is_imported
from stacks.providers.table import TYPES
from tests.adopting.exports import (
    Thing,
    asset,
    inventory,
    is_asset,
    labels,
    listed,
    policy,
    project,
    searched,
    terraform,
)

PROJECT = "acme-subscriptions-prod"
WORD = st.from_regex(r"[a-z]([a-z0-9-]{0,14}[a-z0-9])?", fullmatch=True)
LABELS = st.dictionaries(WORD, WORD, max_size=3)
PLAIN = [
    "gcp:compute/address:Address",
    "gcp:compute/firewall:Firewall",
    "gcp:compute/instance:Instance",
    "gcp:dns/recordSet:RecordSet",
    "gcp:pubsub/subscription:Subscription",
    "gcp:redis/instance:Instance",
    "gcp:secretmanager/secret:Secret",
    "gcp:serviceaccount/account:Account",
    "gcp:sql/database:Database",
    "gcp:sql/databaseInstance:DatabaseInstance",
    "gcp:sql/user:User",
    "gcp:storage/bucket:Bucket",
]
GRANT = "gcp:projects/iAMMember:IAMMember"


@st.composite
def existing(draw: st.DrawFn) -> Thing:
    """A resource of any of these types, with names of its own."""
    token = draw(st.sampled_from(PLAIN))
    fields = ("name", "zone", "instance", "managedZone", "type", "secretId", "accountId")
    inputs: dict[str, Any] = {field: draw(WORD) for field in fields}
    inputs |= {"region": "us-east1", "labels": draw(LABELS)}
    if token == "gcp:sql/databaseInstance:DatabaseInstance":
        inputs["settings"] = {"userLabels": inputs.pop("labels")}
    id_ = TYPES[token].id.format_map({"project": PROJECT, **inputs})
    return Thing(token, id_, PROJECT, inputs)


@st.composite
def granted(draw: st.DrawFn) -> Thing:
    inputs: dict[str, Any] = {
        "project": PROJECT,
        "role": f"roles/{draw(WORD)}",
        "member": f"user:{draw(WORD)}",
    }
    if draw(st.booleans()):
        inputs["condition"] = {"title": draw(WORD), "expression": "true"}
    return Thing(GRANT, "", PROJECT, inputs)


def read(text: str, folder: Path) -> list[FoundResource]:
    file = folder / "it"
    file.write_text(text, "utf-8")
    return read_found(file)


def said(found: list[FoundResource]) -> set[tuple[str, str, str, tuple[tuple[str, str], ...]]]:
    return {(each.type, each.id, each.project, tuple(sorted(each.labels.items()))) for each in found}


def meant(things: list[Thing], *, with_labels: bool = True) -> set[Any]:
    return {
        (each.type, each.imported, PROJECT, tuple(sorted(labels(each.inputs).items())) if with_labels else ())
        for each in things
    }


THINGS = st.lists(existing(), max_size=6, unique_by=lambda each: (each.type, each.imported))


@given(THINGS, st.booleans())
def test_what_the_inventory_exports_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, things: list[Thing], numbered: bool
) -> None:
    assets = [each for each in things if is_asset(each) and each.type != "gcp:storage/bucket:Bucket"]
    text = inventory([project(PROJECT), *(asset(each, numbered=numbered) for each in assets)])
    found = read(text, tmp_path_factory.mktemp("inventory"))
    assert said(found) == meant(assets)
    assert {each.where for each in found} == {f"line {n}" for n in range(2, len(assets) + 2)}


@given(THINGS)
def test_what_the_inventory_finds_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, things: list[Thing]
) -> None:
    kinds = {"gcp:storage/bucket:Bucket", "gcp:serviceaccount/account:Account"}  # not all in the name
    assets = [each for each in things if is_asset(each) and each.type not in kinds]
    found = read(searched([project(PROJECT), *map(asset, assets)]), tmp_path_factory.mktemp("searched"))
    assert said(found) == meant(assets)


@given(st.lists(granted(), min_size=1, max_size=5, unique_by=lambda each: each.imported))
def test_the_grants_of_a_policy_are_read_back(
    tmp_path_factory: pytest.TempPathFactory, grants: list[Thing]
) -> None:
    text = inventory([project(PROJECT), policy(PROJECT, grants)])
    assert said(read(text, tmp_path_factory.mktemp("policy"))) == meant(grants, with_labels=False)


@given(st.lists(existing() | granted(), max_size=6, unique_by=lambda each: (each.type, each.imported)))
def test_what_terraform_manages_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, things: list[Thing]
) -> None:
    found = read(terraform(things), tmp_path_factory.mktemp("terraform"))
    assert said(found) == meant(things)
    assert {each.manager for each in found} <= {"Terraform"}
    assert [each.where for each in found] == [
        f"module.shop.{ELSEWHERE[each.type].terraform}.it[{number}]" for number, each in enumerate(things)
    ]


@given(
    st.lists(
        existing() | granted(), min_size=1, max_size=6, unique_by=lambda each: (each.type, each.imported)
    )
)
def test_a_list_of_ids_is_read_back(tmp_path_factory: pytest.TempPathFactory, things: list[Thing]) -> None:
    found = read(listed(things), tmp_path_factory.mktemp("ids"))
    assert [(each.type, each.id) for each in found] == [(each.type, each.imported) for each in things]


def test_an_id_needs_no_type_and_may_be_a_full_name(tmp_path: Path) -> None:
    text = (
        "projects/acme-prod/zones/us-east1-b/instances/shop  # the old one\n\n"
        "//sqladmin.googleapis.com/projects/acme-prod/instances/shop-db\n"
    )
    found = read(text, tmp_path)
    assert [(each.type, each.id, each.project, each.where) for each in found] == [
        ("", "projects/acme-prod/zones/us-east1-b/instances/shop", "acme-prod", "line 1"),
        ("", "projects/acme-prod/instances/shop-db", "acme-prod", "line 3"),
    ]


def test_a_number_that_no_asset_calls_by_its_id_is_no_known_project(tmp_path: Path) -> None:
    thing = Thing("gcp:secretmanager/secret:Secret", "", PROJECT, {"secretId": "key"})
    (found,) = read(inventory([asset(thing, numbered=True)]), tmp_path)
    assert found.project == ""
    assert found.id == "projects/471100815/secrets/key"


BROKEN = {
    "nothing": ("", "is neither an export"),
    "blanks": (" \n\n", "is neither an export"),
    "half an object": ('{"version": 4, "resources": [', "This isn't JSON"),
    "a line that breaks off": ('{"name": "//a", "assetType": "b"}\n{"name": "//', ":2: This line isn't JSON"),
    "a number": ("[4]", "is neither an export"),
    "an empty list": ("[]", "is neither an export"),
    "something else": ('{"a": 1}', "is neither an export"),
    "an asset without a name": ('{"assetType": "b/C"}', "This is no asset"),
    "an asset in a list of others": ('[{"name": "//a/b", "assetType": "b/C"}, 7]', "This is no asset"),
    "an old state": ('{"version": 3, "terraform_version": "0.11"}', "version 4 are read, not 3"),
    "a state without resources": ('{"version": 4, "lineage": "x"}', "no list of `resources`"),
    "a state of numbers": ('{"version": 4, "lineage": "x", "resources": [1]}', "resources[0]: This is no"),
    "a shown state": ('{"format_version": "1.0", "values": {}}', "`terraform state pull` prints"),
    "deep": ("[" * 200_000, "nested deeper than"),
    "a type alone": ("google_sql_user\n", ":1: This line has the type google_sql_user, and no id"),
    "a terminal's words": ("projects/a/\x1b[31mb\n", ":1: No id has such characters"),
    "a very long line": ("a" * 3000, "or so many"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_no_such_file_is_refused_in_a_sentence(tmp_path: Path, what: str) -> None:
    text, words = BROKEN[what]
    with pytest.raises(Refused) as refused:
        read(text, tmp_path)
    assert words in refused.value.said
    assert str(tmp_path) in refused.value.said
    assert len(refused.value.said.splitlines()) == 1


def test_what_isn_t_text_or_isn_t_there_or_is_huge_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    for name, words in (("bytes", "byte 0 is no UTF-8"), ("none", "No such file")):
        with pytest.raises(Refused, match=words):
            read_found(tmp_path / name)
    monkeypatch.setattr(reading, "LARGEST", 2)
    with pytest.raises(Refused, match="larger than"):
        read_found(tmp_path / "bytes")


def imported_as(token: str) -> str:
    inputs = {"role": "r", "member": "m", "name": "n"}
    of = ("project", "secretId", "topic", "subscription", "bucket", "cryptoKeyId", "serviceAccountId")
    named = dict.fromkeys([*of, "webBackendService", "service"], "x")
    return import_id(token, inputs | named, ProviderSettings("p", "r"))


@given(st.randoms(use_true_random=False))
def test_no_change_of_a_file_ends_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, chance: random.Random
) -> None:
    thing = Thing("gcp:redis/instance:Instance", "x", PROJECT, {"name": "x", "region": "r", "labels": {}})
    data: Any = json.loads(chance.choice([terraform([thing]), f"[{json.dumps(asset(thing))}]"]))
    for _ in range(chance.randrange(1, 4)):
        _break(data, chance)
    with contextlib.suppress(Refused):
        read(json.dumps(data), tmp_path_factory.mktemp("changed"))


def _break(data: Any, chance: random.Random) -> None:
    """Changes something somewhere below."""
    while isinstance(data, dict | list) and data:
        key = chance.choice([*data]) if isinstance(data, dict) else chance.randrange(len(data))
        if chance.random() < 0.4 or not isinstance(data[key], dict | list):
            data[key] = chance.choice([None, 7, "x", [], {}, [None], {"a": []}, True])
            return
        data = data[key]


def test_every_type_of_google_s_has_its_names_elsewhere_and_only_one_can_t_be_imported() -> None:
    google = {token for token in TYPES if token.startswith("gcp:")}
    assert ELSEWHERE.keys() == google
    assert {token for token in google if not is_imported(token)} == {
        "gcp:projects/serviceIdentity:ServiceIdentity"
    }
    assert len({each.terraform for each in ELSEWHERE.values()}) == len(google)


BY_THEIR_PARTS = [
    token for token in sorted(ELSEWHERE) if is_imported(token) and " " not in imported_as(token)
]


@pytest.mark.parametrize("token", BY_THEIR_PARTS)
def test_a_resource_is_imported_in_a_form_that_the_provider_documents(token: str) -> None:
    """The SDK's docstrings are the provider's own pages; not all say it."""
    module, _, name = token.removeprefix("gcp:").partition(":")
    class_ = getattr(import_module(f"pulumi_gcp.{module.partition('/')[0]}"), name)
    pages = [each.__doc__ or "" for each in [*get_overloads(class_.__init__), class_.__init__]]
    section = "".join(page.partition("## Import")[2] for page in pages)
    forms = {form for form in re.findall(r"\* `([^`\n]+)`", section) if "{{" in form}
    ours = FORMS.get(token, TYPES[token].id).replace("{secret}", "projects/x/secrets/x")
    patterns = [re.sub(r"\\{\\{[^}]+\\}\\}", "[^ ]+", re.escape(form)) for form in forms]
    filled = re.sub(r"{\w+}", "x", ours)
    assert not forms or any(re.fullmatch(pattern, filled) for pattern in patterns), (ours, forms)
