"""Every way to write a number that a schema takes is read as the number it says."""

from pathlib import Path

import pytest

from catalog.reading import File, examine, with_integers

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {name: tea, owner: platform}
spec:
  tier: standard
  stage: ga
  workloads:
    - {name: web, image: us-docker.pkg.dev/acme-registry/tea/app:1, port: PORT}
"""


@pytest.mark.parametrize("written", ["8080", "8080.0", "8.08e3", "80800e-1"])
def test_a_whole_number_is_an_integer_however_it_is_written(written: str) -> None:
    reading = examine(File(Path(), "tea.yaml", SPEC.replace("PORT", written).encode()))
    assert reading.data is not None, reading
    port = reading.data["spec"]["workloads"][0]["port"]
    assert (type(port), port) == (int, 8080)


def test_what_is_not_whole_or_no_number_stays_as_it_is() -> None:
    said = {"a": [1.5, "1.0", True, None, 3], "b": {"c": 2.0}}
    assert with_integers(said) == {"a": [1.5, "1.0", True, None, 3], "b": {"c": 2}}
    assert type(with_integers(said)["a"][2]) is bool
