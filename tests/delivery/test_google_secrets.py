"""`pave secrets` on Google Cloud."""

import base64
from collections.abc import Iterator, Mapping

import pytest

from pave.delivery.google_secrets import GoogleSecretValues
from pave.refused import Refused
from tests.served_google import Secrets, google


@pytest.fixture
def secrets() -> Secrets:
    return {"projects/p/secrets/empty": [], "projects/p/secrets/old": [{"name": "1", "state": "DISABLED"}]}


@pytest.fixture
def api(secrets: Secrets) -> Iterator[Mapping[str, str]]:
    with google(secrets=secrets) as environment:
        yield environment


@pytest.mark.parametrize("secret", ["empty", "old", "gone"])
def test_a_secret_without_an_enabled_version_has_no_value(api: Mapping[str, str], secret: str) -> None:
    assert not GoogleSecretValues(api).has_value(f"projects/p/secrets/{secret}")


def test_a_version_that_was_added_is_the_value(api: Mapping[str, str], secrets: Secrets) -> None:
    values = GoogleSecretValues(api)
    added = values.add("projects/p/secrets/old", b"\x00a secret\n")
    assert added == "projects/p/secrets/old/versions/2"
    assert values.has_value("projects/p/secrets/old")
    assert base64.b64decode(secrets["projects/p/secrets/old"][-1]["data"]) == b"\x00a secret\n"


def test_a_version_needs_a_holder(api: Mapping[str, str]) -> None:
    with pytest.raises(Refused, match="no secret projects/p/secrets/gone yet"):
        GoogleSecretValues(api).add("projects/p/secrets/gone", b"x")


def test_who_may_not_ask_is_told_so_and_nothing_is_taken_for_missing(api: Mapping[str, str]) -> None:
    with pytest.raises(Refused, match="answered 401 on projects/p/secrets/old: Request had invalid"):
        GoogleSecretValues({**api, "GOOGLE_OAUTH_ACCESS_TOKEN": "another"}).has_value(
            "projects/p/secrets/old"
        )


def test_an_api_that_is_away_is_no_answer(api: Mapping[str, str]) -> None:
    away = {**api, "GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT": "http://127.0.0.1:9/v1"}
    with pytest.raises(Refused, match="did not answer"):
        GoogleSecretValues(away).has_value("projects/p/secrets/old")
