"""What somebody asks for by a word: a service whose file has another name or ending, and a field, or a value
of one, in the place of a rule."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result


@pytest.fixture
def catalog(run: Callable[..., Result], tmp_path: Path) -> Path:
    """A new catalog, with the service `hello`."""
    made = run("new", "catalog", tmp_path / "catalog")
    assert made.exit_code == 0, made.output
    return tmp_path / "catalog"


def test_of_a_service_whose_file_is_called_otherwise_that_is_said_and_not_that_there_is_none(
    run: Callable[..., Result], catalog: Path
) -> None:
    (catalog / "services/hello.yaml").rename(catalog / "services/greeting.yaml")
    for command in ("plan", "input", "run", "availability"):
        done = run(command, "hello", "--catalog", catalog)
        assert done.exit_code == 1, command
        said = " ".join(done.output.split())
        assert "The file is called greeting.yaml, but describes `hello`." in said, command
        assert "There is no service" not in said, command


@pytest.mark.parametrize("place", ["hello.yml", "team/hello.yaml"])
def test_a_service_is_found_by_its_name_whatever_its_ending_and_folder(
    run: Callable[..., Result], catalog: Path, place: str
) -> None:
    path = catalog / "services" / place
    path.parent.mkdir(exist_ok=True)
    (catalog / "services/hello.yaml").rename(path)
    done = run("check", "hello", "--catalog", catalog)
    assert done.exit_code == 0, done.output
    assert "ALLOWED  hello" in done.output


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("mysql", "`mysql` is no rule but a value of `spec.stores[].kind` of a Service"),
        ("mongodb", "There is no rule `mongodb`."),
        (
            "spec.workloads[web].image",
            "is no rule but a field: `spec.workloads[].image` of a Service. Container",
        ),
        ("secrets", "of a Service, and 10 more. When the secrets that workloads read were last changed."),
        ("memory", "a field: `spec.workloads[].memoryMb` of a Service"),
    ],
)
def test_what_is_asked_for_as_a_rule_and_is_a_field_or_a_value_is_told_where_it_stands(
    run: Callable[..., Result], word: str, said: str
) -> None:
    done = run("explain", word)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_an_environment_in_the_place_of_a_service_is_told_its_stack(
    run: Callable[..., Result], catalog: Path
) -> None:
    done = run("plan", "production", "--catalog", catalog)
    assert done.exit_code == 2
    assert "It is an environment, whose stack is `foundation.production`. Services: hello." in done.output


def test_a_path_that_no_journey_has_is_told_that_a_path_is_one_page(
    run: Callable[..., Result], catalog: Path
) -> None:
    spec = catalog / "services/hello.yaml"
    text = spec.read_text("utf-8").rstrip()
    spec.write_text(f"{text}\n  endpoints: [{{name: all, paths: [/]}}]\n", "utf-8")
    asked = ("edge", "test", "hello", "--catalog", catalog, "--request")
    assert run(*asked, "GET /").exit_code != 1
    done = run(*asked, "GET /cart")
    assert done.exit_code == 1
    assert "REFUSED: no journey has this path (`/` is that page alone, `/*` are all): 404" in done.output
