"""Two services at one host on the real engine: the guest's backends first, then routes that lead there."""

from collections.abc import Iterator

import pytest

from stacks.providers.routes import URL_MAP
from tests.engine.road import Road

pytestmark = pytest.mark.engine

ROUTES = "  edge: {host: lunch-menu.acme.example, guests: [tea]}\n"
GUEST = """\
  endpoints: [{name: cups, paths: [/tea/*], slo: {availability: 99, latencyMs: 1000}}]
  edge: {host: lunch-menu.acme.example, behind: lunch-menu}
"""


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Road]:
    """A foundation, and the files of two services at one host."""
    road = Road(tmp_path_factory.mktemp("host"))
    try:
        menu = road.catalog / "services" / "lunch-menu.yaml"
        text = menu.read_text("utf-8")
        menu.write_text(text + ROUTES, "utf-8")
        guest = text.replace("name: lunch-menu", "name: tea") + GUEST
        (road.catalog / "services" / "tea.yaml").write_text(guest, "utf-8")
        done = road.up("foundation.production")
        assert done.code == 0, done.text
        yield road
    finally:
        road.close()


def test_a_host_is_shared_without_a_change_to_a_strangers_rules(host: Road) -> None:
    early = host.up("lunch-menu")
    assert early.code == 1
    assert "/global/backendServices/tea-cups' was not found" in early.text
    for stack in ("tea", "lunch-menu"):
        done = host.up(stack)
        assert done.code == 0, done.text
    before = host.last_call()
    for stack in ("tea", "lunch-menu"):
        again = host.up(stack)
        assert again.code == 0, again.text
    assert host.calls(before) == []
    rename(host, "tea", "chai")
    new = host.up("chai")
    assert new.code == 0, new.text
    assert {what for what, *_ in host.calls(before)} == {"create"}
    before = host.last_call()
    led = host.up("lunch-menu")
    assert led.code == 0, led.text
    assert host.calls(before) == [("update", URL_MAP, "ok")]
    before = host.last_call()
    host.edit("services/lunch-menu.yaml", ", guests: [chai]", "")
    host.edit("services/chai.yaml", ", behind: lunch-menu", "")
    host.edit("services/chai.yaml", "host: lunch-menu.acme", "host: chai.acme")
    gone = host.up("lunch-menu")
    assert gone.code == 0, gone.text
    assert host.calls(before) == [("update", URL_MAP, "ok")]
    alone = host.up("chai")
    assert alone.code == 0, alone.text


def rename(host: Road, old: str, new: str) -> None:
    """Calls a guest otherwise, in its own file and in that of the host."""
    services = host.catalog / "services"
    text = (services / f"{old}.yaml").read_text("utf-8").replace(f"name: {old}", f"name: {new}")
    (services / f"{new}.yaml").write_text(text, "utf-8")
    (services / f"{old}.yaml").unlink()
    host.edit("services/lunch-menu.yaml", f"guests: [{old}]", f"guests: [{new}]")
