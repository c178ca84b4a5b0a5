"""What the recorder refuses, and the errors of a program, which it hands on as they are."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_gcp as gcp
import pytest
from pulumi import ResourceOptions
from pulumi.runtime.proto import resource_pb2

from stacks.recording.model import RecordingError
from tests.stacks.recorded_shop import PREFIX, Paved, inputs_of, record_small, thing

# pulumi_gcp warns of its own deprecated classes while it is imported.
pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


def known_invoke() -> None:
    gcp.compute.get_network_output(name="shop")


def unknown_invoke() -> None:
    gcp.compute.get_network_output(name=thing("other").unset)


def plain_invoke() -> None:
    gcp.compute.get_network(name="shop")


def forgiven_invoke() -> None:
    try:
        gcp.compute.get_network(name="shop")
    except RecordingError:
        thing("fallback")


@pytest.mark.parametrize("program", [known_invoke, unknown_invoke, plain_invoke, forgiven_invoke])
def test_an_invoke_is_refused_by_name(program: Callable[[], None]) -> None:
    with pytest.raises(RecordingError, match=r"gcp:compute/getNetwork:getNetwork: components make no inv"):
        record_small(program)


def test_an_invoke_that_leaves_no_trace_in_the_log_is_refused_too() -> None:
    def program() -> None:
        monitor: Any = pulumi.runtime.settings.get_monitor()
        monitor.Invoke(resource_pb2.ResourceInvokeRequest(tok="test:index:zones"))

    with pytest.raises(RecordingError, match=r"the function test:index:zones"):
        record_small(program)


def test_a_method_call_is_refused_by_name() -> None:
    with pytest.raises(RecordingError, match=r"the function test:index:Cluster/kubeconfig"):
        record_small(lambda: pulumi.runtime.call("test:index:Cluster/kubeconfig", {}))


def test_a_component_built_by_a_plugin_is_refused() -> None:
    with pytest.raises(RecordingError, match=r"test:index:Chart 'redis' is built by its provider's plugin"):
        record_small(lambda: pulumi.ComponentResource("test:index:Chart", "redis", {}, None, remote=True))


def test_a_transform_is_refused_because_only_the_engine_runs_it() -> None:
    with pytest.raises(RecordingError, match=r"transforms and hooks \(register_stack_transform\)"):
        record_small(lambda: pulumi.runtime.register_resource_transform(lambda _: None))


def test_a_transform_of_one_resource_is_refused_too() -> None:
    with pytest.raises(RecordingError, match=r"transforms and hooks"):
        record_small(lambda: thing("thing", {}, ResourceOptions(transforms=[lambda _: None])))


def test_a_stack_transformation_is_applied() -> None:
    def label(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        return pulumi.ResourceTransformationResult({**args.props, "label": "shop"}, args.opts)

    def program() -> None:
        pulumi.runtime.register_stack_transformation(label)
        thing("thing", {"size": 1})

    assert inputs_of(program) == {"label": "shop", "size": 1}


@pytest.mark.parametrize("below_component", [False, True])
def test_two_resources_with_one_urn_are_refused(*, below_component: bool) -> None:
    def program() -> None:
        parent = Paved("Store", "orders", {}, "") if below_component else None
        for _ in range(2):
            thing("thing", {}, ResourceOptions(parent=parent))

    with pytest.raises(RecordingError, match=r"Two resources have the URN urn:pulumi:prod::shop::.*::thing,"):
        record_small(program)


def test_one_name_below_two_types_of_parents_is_fine() -> None:
    def program() -> None:
        for kind in ("Store", "Workload"):
            thing("thing", {}, ResourceOptions(parent=Paved(kind, "orders", {}, "")))

    assert [resource.urn for resource in record_small(program).resources if resource.custom] == [
        f"{PREFIX}pave:components:Store$test:index:Thing::thing",
        f"{PREFIX}pave:components:Workload$test:index:Thing::thing",
    ]


ERRORS = [ValueError("boom"), AssertionError("boom"), KeyError("boom"), pulumi.RunError("boom")]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
@pytest.mark.parametrize("place", ["program", "apply", "input of an input", "output", "coroutine", "task"])
def test_an_error_in_the_program_surfaces_as_it_is(error: Exception, place: str) -> None:
    def fail(_: Any = None) -> Any:
        raise error

    async def fail_later() -> Any:
        await asyncio.sleep(0)
        raise error

    tasks = set()

    def program() -> None:
        first = thing("first", {"size": 1})
        match place:
            case "program":
                fail()
            case "apply":
                first.size.apply(fail)
            case "input of an input":
                second = thing("second", {"size": [first.size.apply(fail)]})
                thing("third", {"size": second.size})
            case "output":
                pulumi.export("size", first.size.apply(fail))
            case "coroutine":
                thing("second", {"size": fail_later()})
            case _:
                task = asyncio.ensure_future(fail_later())
                tasks.add(task)
                task.add_done_callback(tasks.discard)

    with pytest.raises(type(error)) as raised:
        record_small(program)
    assert raised.value is error


def test_an_error_that_a_resource_needed_says_which() -> None:
    def fail(_: Any) -> Any:
        raise ValueError("boom")

    with pytest.raises(ValueError, match="boom") as raised:
        record_small(lambda: thing("second", {"size": thing("first", {"size": 1}).size.apply(fail)}))
    assert raised.value.__notes__[0] == "While processing resource: 'second', type: 'test:index:Thing'"
    assert raised.value.__notes__[1].startswith("While processing input: 'size'")


def test_of_several_errors_the_first_is_raised() -> None:
    def fail(number: int) -> None:
        raise ValueError(f"boom {number}")

    def program() -> None:
        for number in range(20):
            pulumi.Output.from_input(number).apply(fail)

    for _ in range(5):
        with pytest.raises(ValueError, match="boom 0"):
            record_small(program)


def test_an_error_from_which_the_program_recovers_is_none() -> None:
    def program() -> None:
        size = thing("first", {"sizes": {}}).sizes.apply(lambda sizes: sizes["web"])
        thing("thing", {"size": size.recover(str)})

    assert inputs_of(program) == {"size": "'web'"}


def test_an_error_for_which_others_wait_is_what_is_raised() -> None:
    async def fail() -> None:
        raise KeyError("boom")

    def program() -> None:
        never: asyncio.Future[str] = asyncio.Future()
        thing("thing", {"value": never})
        pulumi.export("failed", fail())

    with pytest.raises(KeyError, match="boom"):
        record_small(program)


def test_a_program_may_leave_early() -> None:
    with pytest.raises(SystemExit):
        record_small(lambda: sys.exit(3))


def test_waiting_for_a_value_that_never_comes_is_an_error() -> None:
    def program() -> None:
        never: asyncio.Future[str] = asyncio.Future()
        thing("thing", {"value": never})

    with pytest.raises(RecordingError, match=r"waits for a value that never comes"):
        record_small(program)


def test_an_asynchronous_program_is_recorded_to_its_end() -> None:
    async def main() -> dict[str, Any]:
        size = await asyncio.to_thread(lambda: 3)
        thing("thing", {"size": size})
        return {"size": size}

    recording = record_small(lambda: pulumi.run(main))
    assert [resource.inputs for resource in recording.resources] == [{"size": 3}]
    assert recording.outputs == {"size": 3}


def test_outputs_that_come_last_are_recorded() -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0.001)
        return {"size": 3}

    assert record_small(lambda: pulumi.run(main)).outputs == {"size": 3}
