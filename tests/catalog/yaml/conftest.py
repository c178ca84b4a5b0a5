"""The parsers that the reader has to agree with: libyaml's, and the one that PyYAML falls back to."""

import pytest

from catalog.yaml import events
from tests.catalog.yaml.reading import PARSERS


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_PARSER", PARSERS[request.param])
