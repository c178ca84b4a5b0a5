"""What is said at the end of a run knows of all that was registered on the way."""

import pulumi

from stacks.gate.completion import at_the_end
from stacks.recording.model import Recording
from stacks.recording.recorder import record


def recorded(*, by_the_way: bool) -> Recording:
    """A program that makes one resource after the other, the second when the first is there."""
    made: list[str] = []

    class Noted(pulumi.ComponentResource):
        def __init__(self, name: str) -> None:
            super().__init__("test:index:Noted", name)
            self.urn.apply(lambda _: made.append(name))

    def program() -> None:
        pulumi.export("made", at_the_end(lambda: sorted(made)))
        first = Noted("first")
        if by_the_way:
            first.urn.apply(lambda _: Noted("second"))

    return record(program, project="pave", stack="test")


def test_it_is_said_when_all_is_registered() -> None:
    assert recorded(by_the_way=False).outputs == {"made": ["first"]}


def test_what_is_made_by_the_way_is_waited_for() -> None:
    assert recorded(by_the_way=True).outputs == {"made": ["first", "second"]}


def test_a_program_without_resources_has_an_end_too() -> None:
    made = record(lambda: pulumi.export("made", at_the_end(list)), project="pave", stack="test")
    assert made.outputs == {"made": []}
