"""A remedy is one edit of the owner's file: replayed, it gives what `catalog.editing.splice` writes."""

from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog.editing.splice import splice
from catalog.yaml.text import parse
from pave.reports.remedy import Remedies, Replacement, _difference
from policies.decision import Finding

SPEC = """\
apiVersion: pave/v1
kind: Service
metadata: {name: "prötal", owner: x}   # wörds
spec:
  stores:
    - {name: db, availability: zonal}
"""


def replayed(text: str, edit: Replacement) -> str:
    """A text after an edit, by the standard's lines: they end in LF or CRLF."""
    starts = [0, *(i + 1 for i, character in enumerate(text) if character == "\n")]
    start = starts[edit.line - 1] + edit.column - 1
    end = starts[edit.end_line - 1] + edit.end_column - 1
    return text[:start] + edit.text + text[end:]


texts = st.text(alphabet=st.sampled_from("ab é\U0001f600:,[]{}\n\r-"), max_size=30)


@given(old=texts, new=texts)
@example(old="a", new="aa")
@example(old="a: b", new="a: b: b")
@example(old="aba", new="ababa")
@example(old="ab\r\ncd", new="ab\r\n")
def test_a_difference_replayed_is_the_new_text(old: str, new: str) -> None:
    assert replayed(old, _difference(old, new)) == new


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("pointer", "steps", "value"),
    [
        ("/spec/stores/0/availability", ("spec", "stores", 0, "availability"), "regional"),
        ("/spec/stores/0/backup/days", ("spec", "stores", 0, "backup", "days"), 7),
        ("/spec/edge", ("spec", "edge"), {"tls": {"minimum": "1.2"}}),
        ("/metadata/name", ("metadata", "name"), "pörtal"),
    ],
)
def test_a_remedy_is_what_fix_would_write(
    tmp_path: Any, today_finding: Finding, line_break: str, mark: str, pointer: str, steps: Any, value: Any
) -> None:
    text = (mark + SPEC).replace("\n", line_break).encode()
    (tmp_path / "spec.yaml").write_bytes(text)
    finding = msgspec.structs.replace(today_finding, document="spec.yaml", pointer=pointer, expected=value)
    edit = Remedies(tmp_path).of(finding)
    assert edit is not None
    wanted = splice(text, parse(text, ""), steps, value)
    assert replayed(text.decode("utf-8-sig"), edit) == wanted.decode("utf-8-sig")


@pytest.mark.parametrize(
    "change",
    [
        {"expected": msgspec.UNSET},
        {"status": "undecided"},
        {"resource": "urn:pulumi:a::pave::gcp:sql/x:X::db"},
        {"pointer": "/spec/stores/3/availability"},
        {"pointer": "/spec/workloads/0/need"},
        {"pointer": "/spec/stores/0/need", "expected": "soft"},
        {"pointer": "/spec/rollout", "expected": {"steps": [5, 100]}},
        {"document": "gone.yaml"},
        {"document": "broken.yaml"},
    ],
)
def test_where_nothing_can_be_written_there_is_no_remedy(
    tmp_path: Any, today_finding: Finding, change: dict[str, Any]
) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "broken.yaml").write_text("a: [")
    place = {"document": "spec.yaml", "pointer": "/spec/stores/0/availability"}
    assert Remedies(tmp_path).of(msgspec.structs.replace(today_finding, **place)) is not None
    assert Remedies(tmp_path).of(msgspec.structs.replace(today_finding, **{**place, **change})) is None


@pytest.fixture
def today_finding(today_report: Any) -> Finding:
    """A finding that expects a value."""
    found: list[Finding] = today_report.report.decisions[0].findings
    return next(one for one in found if one.rule == "reliability/database-is-regional")
