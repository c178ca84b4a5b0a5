"""What all tests share: the shipped catalog, a fixed day, and goldens with a one-flag update."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path

import msgspec
import pytest

from catalog.reading import File, Reading, examine
from catalog.yaml.parsed import Unusable
from policies.rule import Bundle, load_bundle
from tests.laws import register_profiles

HOME = Path(__file__).resolve().parents[1]

register_profiles()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="Rewrite golden files from what is produced."
    )


@pytest.fixture(scope="session")
def home() -> Path:
    return HOME


@pytest.fixture(scope="session")
def shipped() -> Path:
    return HOME / "catalog"


TOOLS = {
    "pave.delivery.engine.cli.BUILT": "pulumi",
    "pave.edge.core_rules.BUILT": "core-rules",
    "pave.monitoring.promtool.BUILT": "promtool",
    "pave.rehearsing.programs.BUILT": "",
}
"""Where pave looks for the tools that the checkout has built, and the name below its folder of tools."""

NEEDING_TOOLS = {"engine", "opa", "kubernetes", "prometheus", "rollouts", "edge", "rehearsal"}


@pytest.fixture(autouse=True)
def only_tools_that_are_asked_for(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hides what the checkout has built from tests that have no mark for it: they pass on a machine that has
    built nothing, or they fail on every machine."""
    if NEEDING_TOOLS.isdisjoint(mark.name for mark in request.node.iter_markers()):
        nothing = tmp_path_factory.getbasetemp() / "no-tools"
        for place, name in TOOLS.items():
            monkeypatch.setattr(place, nothing / name)


@pytest.fixture(scope="session", autouse=True)
def read_once() -> Iterator[None]:
    """Spares the tests to read and check the shipped files over and over, some thousand times: the same name
    and text always say the same."""

    @lru_cache(maxsize=1024)
    def said(shown: str, text: bytes | Unusable) -> bytes:
        return msgspec.msgpack.encode(examine(File(Path(), shown, text)))

    def known(file: File) -> Reading:
        return msgspec.msgpack.decode(said(file.shown, file.text), type=Reading)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("catalog.loader.examine", known)
        yield


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """The shipped rules, compiled."""
    return load_bundle(HOME / "policies" / "bundle")


@pytest.fixture(scope="session")
def today() -> date:
    """The day that the shipped catalog's dates are meant for."""
    return date(2026, 11, 21)


@pytest.fixture(scope="session")
def opa() -> Path:
    """The opa of this checkout; the test is skipped where there is none."""
    from tests.policies.opa_servers import required_opa

    return required_opa()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """`golden(path, text)` asserts that a file holds exactly `text`; `--update-golden` writes it."""

    def compare(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        place = path.relative_to(HOME)
        hint = f"{place} differs; if that is meant: pytest {request.node.nodeid} --update-golden"
        assert path.is_file(), hint
        assert text == path.read_text("utf-8"), hint

    return compare


@pytest.fixture
def golden_folder(
    request: pytest.FixtureRequest, golden: Callable[[Path, str], None]
) -> Callable[[Path, Mapping[str, str]], None]:
    """`golden_folder(path, texts)` asserts that a folder holds exactly these files by name, and no stale one;
    `--update-golden` writes and removes them."""

    def compare(path: Path, texts: Mapping[str, str]) -> None:
        stale = [file for file in sorted(path.glob("*")) if file.name not in texts]
        if request.config.getoption("--update-golden"):
            for file in stale:
                file.unlink()
        for name, text in texts.items():
            golden(path / name, text)
        left = [file.relative_to(HOME).as_posix() for file in stale if file.exists()]
        assert left == [], f"nothing makes these any more; pytest {request.node.nodeid} --update-golden"

    return compare
