"""Laws of the reader: one document for both parsers, or a clear refusal."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from catalog.yaml.text import parse
from tests.catalog.yaml.outcomes import (
    require_one_meaning_or_a_clear_refusal,
    require_positions_of_what_is_there,
)
from tests.catalog.yaml.reading import data
from tests.catalog.yaml.written import FRAGMENTS, documents, to_json, written_documents
from tests.laws import law


@law(200)
@given(documents, st.sampled_from([None, 0, 1, 4]))
def test_every_json_document_is_read_as_json_reads_it(tree: dict[str, Any], indent: int | None) -> None:
    assert repr(data(to_json(tree, indent))) == repr(tree)


@law(200)
@given(written_documents())
def test_whatever_way_a_document_is_written_its_data_and_positions_are_right(
    written: tuple[str, dict[str, Any]],
) -> None:
    source, tree = written
    parsed = parse(source.encode(), "spec.yaml")
    assert repr(parsed.data) == repr(tree)
    require_positions_of_what_is_there(source, parsed)


@law(200)
@given(
    st.binary(max_size=60)
    | st.builds(lambda a, b: b"a: " + a + b"\n" + b, st.binary(max_size=9), st.binary(max_size=9))
)
def test_any_bytes_are_one_document_or_unusable(source: bytes) -> None:
    require_one_meaning_or_a_clear_refusal(source)


@law(1000)
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join),
    st.sampled_from(["", "a: ", "a: [", "a: {", 'a: "', "a:\n  "]),
)
def test_any_mix_of_yaml_s_signs_is_one_document_or_unusable(signs: str, start: str) -> None:
    require_one_meaning_or_a_clear_refusal((start + signs).encode())


@law(200)
@given(written_documents(), st.data())
def test_a_document_damaged_anywhere_is_one_document_or_unusable(
    written: tuple[str, Any], choose: st.DataObject
) -> None:
    source = written[0].encode()
    start = choose.draw(st.integers(0, len(source)))
    end = choose.draw(st.integers(start, min(len(source), start + 4)))
    damage = choose.draw(st.sampled_from(FRAGMENTS).map(str.encode) | st.binary(max_size=3))
    require_one_meaning_or_a_clear_refusal(source[:start] + damage + source[end:])
