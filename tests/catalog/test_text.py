"""The reader of one YAML document: what it reads, where it says it stands, and what it refuses.

Whatever is said about documents holds for both parsers, libyaml's and the one that PyYAML falls back to.
"""

import contextlib
import gzip
import json
import os
import pickle
import random
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from catalog.yaml import events
from catalog.yaml.parsed import Mark, Parsed, Pointer, Unusable
from catalog.yaml.text import parse, read

PARSERS = {"default": events._PARSER, "without libyaml": yaml.SafeLoader}
both_parsers = pytest.mark.usefixtures("parser")
LINE_BREAK = re.compile("\r\n|\n|\r")
law = settings(deadline=None, max_examples=200)


@pytest.fixture(params=PARSERS)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_PARSER", PARSERS[request.param])


@pytest.fixture
def no_waiting() -> Iterator[None]:
    """Turns a read that waits for ever into a failure."""

    def fail(*_: object) -> None:
        raise AssertionError("the read waits")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def data(source: str) -> Any:
    return parse(source.encode(), "spec.yaml").data


def value(plain: str) -> Any:
    return data(f"key: {plain}\n")["key"]


def refusal(source: str | bytes) -> Unusable:
    with pytest.raises(Unusable) as caught:
        parse(source if isinstance(source, bytes) else source.encode(), "spec.yaml")
    return caught.value


def unreadable(path: Path) -> Unusable:
    with pytest.raises(Unusable) as caught:
        read(path, "spec.yaml")
    assert (caught.value.line, caught.value.column) == (None, None)
    return caught.value


def where(error: Unusable) -> tuple[int | None, int | None]:
    return error.line, error.column


# Files


def test_a_regular_file_is_read_as_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"a: 1\r\n\xff")
    assert read(path, "spec.yaml") == b"a: 1\r\n\xff"


def test_a_link_to_a_regular_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "target.yaml").write_bytes(b"a: 1\n")
    (tmp_path / "spec.yaml").symlink_to("target.yaml")
    assert read(tmp_path / "spec.yaml", "spec.yaml") == b"a: 1\n"


def test_a_file_may_have_one_mebibyte_and_no_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.write_bytes(b"#" * 2**20)
    assert len(read(path, "spec.yaml")) == 2**20
    path.write_bytes(b"#" * (2**20 + 1))
    assert "larger than 1024 KiB" in unreadable(path).what


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    with path.open("wb") as file:
        file.truncate(2**33)
    assert "larger than 1024 KiB" in unreadable(path).what


def test_a_file_that_grows_while_it_is_read_is_refused(tmp_path: Path) -> None:
    class Growing(type(tmp_path)):  # type: ignore[misc]
        def stat(self, **_: bool) -> os.stat_result:
            status: os.stat_result = super().stat()
            with self.open("ab") as file:
                file.write(b"#" * 2**20)
            return status

    path = Growing(tmp_path / "spec.yaml")
    path.write_bytes(b"#")
    assert "larger than 1024 KiB" in unreadable(path).what


def test_a_file_larger_than_it_says_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small.yaml").write_bytes(b"")
    (tmp_path / "spec.yaml").write_bytes(b"#" * (2**20 + 1))
    small = (tmp_path / "small.yaml").stat()  # like the files of /proc, which say that they are empty
    monkeypatch.setattr(Path, "stat", lambda _: small)
    monkeypatch.setattr(os, "fstat", lambda _: small)
    assert "larger than 1024 KiB" in unreadable(tmp_path / "spec.yaml").what


def test_a_missing_file_is_unusable(tmp_path: Path) -> None:
    error = unreadable(tmp_path / "spec.yaml")
    assert str(error) == "spec.yaml: does not exist. Check the spelling of its path, or create it."


def test_a_file_below_a_file_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert unreadable(tmp_path / "file" / "spec.yaml").what == "does not exist"


def test_a_directory_is_unusable(tmp_path: Path) -> None:
    assert unreadable(tmp_path).what == "is a directory, not a file"


def test_an_unreadable_file_is_unusable(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.touch(mode=0)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        error = unreadable(path)
    finally:
        os.seteuid(user)
    assert error.what == "may not be read by this user"
    assert "chmod +r" in error.fix


def test_a_broken_link_is_told_from_a_missing_file(tmp_path: Path) -> None:
    path = tmp_path / "spec.yaml"
    path.symlink_to("nowhere.yaml")
    assert unreadable(path).what == "is a symbolic link to a file that does not exist"


def test_a_loop_of_links_is_unusable(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to("b.yaml")
    (tmp_path / "b.yaml").symlink_to("a.yaml")
    assert unreadable(tmp_path / "a.yaml").what == "is a symbolic link that leads back to itself"


@pytest.mark.usefixtures("no_waiting")
def test_a_pipe_is_unusable_without_waiting_for_its_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "spec.yaml")
    assert unreadable(tmp_path / "spec.yaml").what == "is a pipe, socket or device, not a regular file"


@pytest.mark.usefixtures("no_waiting")
def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_unusable(tmp_path: Path) -> None:
    class Swapped(type(tmp_path)):  # type: ignore[misc]
        def stat(self, **_: bool) -> os.stat_result:
            status: os.stat_result = super().stat()
            self.unlink()
            os.mkfifo(self)
            return status

    path = Swapped(tmp_path / "spec.yaml")
    path.touch()
    assert unreadable(path).what == "is a pipe, socket or device, not a regular file"


@pytest.mark.usefixtures("no_waiting")
@pytest.mark.parametrize("device", ["/dev/null", "/dev/zero"])
def test_a_device_is_unusable(device: str) -> None:
    assert unreadable(Path(device)).what == "is a pipe, socket or device, not a regular file"


def test_a_socket_is_unusable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's whole path has at most 108 bytes
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("spec.yaml")
        assert unreadable(tmp_path / "spec.yaml").what == "is a pipe, socket or device, not a regular file"


@pytest.mark.parametrize("name", ["x" * 5000, "a\0b"])
def test_a_path_that_no_file_can_have_is_unusable(tmp_path: Path, name: str) -> None:
    error = unreadable(tmp_path / name)
    assert error.what.startswith("cannot be read (")
    assert len(str(error).splitlines()) == 1


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that fails when it is read")
def test_a_failing_disk_is_unusable() -> None:
    assert "cannot be read (" in unreadable(Path("/proc/self/mem")).what


# What an error looks like


def test_an_error_is_one_line_with_position_problem_and_fix() -> None:
    assert str(refusal("a: 1\nb: 2\na: 3\n")) == (
        "spec.yaml:3:1: key `a` is on line 1 already, and only one could count. "
        "Delete or rename one of the two."
    )


def test_hostile_names_and_texts_stay_on_one_line_and_off_the_terminal() -> None:
    with pytest.raises(Unusable) as caught:
        parse(b'"a\\e[31m\\nb": 1\n"a\\e[31m\\nb": 2\n', "x\n\x1b[2J.yaml")
    assert str(caught.value).startswith("x\\n\\x1b[2J.yaml:2:1: key `a\\x1b[31m\\nb` is on line 1 already")


def test_a_long_text_is_cut_in_errors() -> None:
    error = refusal(f"a: {'9' * 500}")
    assert "…" in error.what
    assert len(str(error)) < 250


def test_an_error_survives_pickling() -> None:
    error = refusal("a: 1\na: 2\n")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 (our own bytes)


# Encodings and characters


@both_parsers
def test_utf_8_may_start_with_a_byte_order_mark_that_shifts_nothing() -> None:
    parsed = parse("\ufeffname: caf\u00e9\n".encode(), "spec.yaml")
    assert parsed.data == {"name": "caf\u00e9"}
    assert parsed.keys["name",] == Mark(1, 1, 1, 5)
    assert parsed.values["name",] == Mark(1, 7, 1, 11)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_utf_16_and_utf_32_are_named_and_refused(encoding: str, mark: str) -> None:
    error = refusal((mark + "name: shop\n").encode(encoding))
    assert where(error) == (1, 1)
    assert encoding[:6].upper() in error.what
    assert "UTF-8" in error.fix


def test_latin_1_is_refused_where_it_stops_being_utf_8() -> None:
    error = refusal("a: 1\r\nname: \U0001f600 caf\u00e9\n".encode("latin-1", errors="replace"))
    assert where(error) == (2, 12)
    assert "byte 0xE9 is not UTF-8" in error.what


def test_a_broken_byte_after_a_byte_order_mark_is_at_its_column() -> None:
    assert where(refusal(b"\xef\xbb\xbfa: \xff")) == (1, 4)


@pytest.mark.parametrize(
    "cut", [b"a: \xf0\x9f\x98", b"a: \xc3", b"a: \xed\xa0\xbd", b"a: \xc0\xaf", b"a: \xf5\x80\x80\x80"]
)
def test_cut_overlong_and_surrogate_utf_8_is_refused(cut: bytes) -> None:
    assert where(refusal(cut)) == (1, 4)


@pytest.mark.parametrize(
    "binary",
    [
        gzip.compress(b"a: 1\n"),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"PK\x03\x04\x14\0",
        b"\0GITCRYPT\0",
        b"\x7fELF\x02\x01",
        b"%PDF-1.7\n%\xb5\xb5\xb5\xb5\n",
    ],
    ids=["gzip", "png", "zip", "git-crypt", "elf", "pdf"],
)
def test_binary_files_are_refused_with_a_position(binary: bytes) -> None:
    error = refusal(binary)
    assert error.line is not None
    assert error.column is not None


@pytest.mark.parametrize("code", [0, 1, 7, 8, 0xB, 0xC, 0x1A, 0x1B, 0x1F, 0x7F, 0x80, 0x9F, 0xFFFE, 0xFFFF])
def test_control_characters_are_refused_where_they_stand(code: int) -> None:
    error = refusal(f"a: 1\nb: '\U0001f600{chr(code)}'\n")
    assert where(error) == (2, 6)
    assert f"U+{code:04X} is a control character" in error.what


@pytest.mark.parametrize("line_break", ["\x85", "\u2028", "\u2029"])
def test_line_breaks_that_editors_do_not_count_are_refused(line_break: str) -> None:
    error = refusal(f"a: 1\nb: 'x{line_break}y'\n")
    assert where(error) == (2, 6)
    assert "line break for some readers" in error.what


@pytest.mark.parametrize(
    "hidden", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
def test_direction_overrides_that_show_a_reviewer_another_text_are_refused(hidden: str) -> None:
    error = refusal(f"a: '{hidden}x'\n")
    assert where(error) == (1, 5)
    assert "reviewer" in error.what


def test_a_second_byte_order_mark_is_refused() -> None:
    assert where(refusal("\ufeff\ufeffa: 1\n")) == (1, 1)
    assert "invisible" in refusal("a: \ufeff1\n").what


@both_parsers
@pytest.mark.parametrize(
    "words",
    [
        "\U0001f469\u200d\U0001f4bb \u65e5\u672c\u8a9e",  # an emoji of three code points, Japanese
        "e\u0301 \u00e9",  # the same letter combined and precomposed: kept apart
        "\u0627\u0644\u0639\u0631\u0628\u064a\u0629",
        "a\u00a0b",
        "\ue000\U0010fffd",
        "\xa1\u2027\u202f\u2065\u206a\ud7ff\ufefe\uff00\ufffd"[1:-1],
    ],
)
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_unicode_text_is_kept_as_it_is(words: str, quote: str) -> None:
    assert value(f"{quote}{words}{quote}") == words


@both_parsers
def test_escapes_may_name_the_characters_that_are_refused_as_such() -> None:
    assert (
        value(r'"\0\a\e\N\L\P\u202e\ufeff\x7f\/\U0001F600"')
        == "\0\a\x1b\x85\u2028\u2029\u202e\ufeff\x7f/\U0001f600"
    )


@both_parsers
@pytest.mark.parametrize(
    "escape", [r"\ud800", r"\udfff", r"\ud83d\ude00", r"\U00110000", r"\UFFFFFFFF", r"\q", r"\x1"]
)
def test_escapes_that_are_no_character_are_refused(escape: str) -> None:
    error = refusal(f'a: 1\nb: "{escape}"\n')
    assert error.line == 2
    assert "escape" in error.what


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a:\n\u00a0\u00a0b: 1\n", (2, 1)),
        ("a:\u00a0b\n", (1, 3)),
        ("a:\u00a0b\nc: 1\n", (1, 3)),
        ("a: x\nb:\u00a0y\nc: 1\n", (2, 3)),
        ("a:\n  -\u00a0b: 1\n", (2, 4)),
        ("a:\n  - x\n  -\u00a0b: 1\n", (3, 4)),
        ("a: b\u3000\n", (1, 5)),
        ("a: \u200bb\n", (1, 4)),
        ("\u2003a: b\n", (1, 1)),
    ],
)
def test_a_look_alike_of_a_space_is_refused_where_it_changes_the_meaning(
    source: str, position: tuple[int, int]
) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "looks like a space" in error.what


# Structure


@both_parsers
def test_a_document_is_read_with_the_position_of_every_key_and_value() -> None:
    source = """\
# shop
spec:
  name: 'shop'
  stores:
    - {kind: redis, n: 2}
    -
  note: |
    one
    two
last:
"""
    assert parse(source.encode(), "spec.yaml") == Parsed(
        data={
            "spec": {"name": "shop", "stores": [{"kind": "redis", "n": 2}, None], "note": "one\ntwo\n"},
            "last": None,
        },
        values={
            (): Mark(2, 1, 2, 1),
            ("spec",): Mark(3, 3, 3, 3),
            ("spec", "name"): Mark(3, 9, 3, 15),
            ("spec", "stores"): Mark(5, 5, 5, 5),
            ("spec", "stores", 0): Mark(5, 7, 5, 7),
            ("spec", "stores", 0, "kind"): Mark(5, 14, 5, 19),
            ("spec", "stores", 0, "n"): Mark(5, 24, 5, 25),
            ("spec", "stores", 1): Mark(6, 6, 6, 6),
            ("spec", "note"): Mark(7, 9, 10, 1),
            ("last",): Mark(10, 6, 10, 6),
        },
        keys={
            ("spec",): Mark(2, 1, 2, 5),
            ("spec", "name"): Mark(3, 3, 3, 7),
            ("spec", "stores"): Mark(4, 3, 4, 9),
            ("spec", "stores", 0, "kind"): Mark(5, 8, 5, 12),
            ("spec", "stores", 0, "n"): Mark(5, 21, 5, 22),
            ("spec", "note"): Mark(7, 3, 7, 7),
            ("last",): Mark(10, 1, 10, 5),
        },
    )


@both_parsers
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_end_with_lf_or_cr_lf_or_a_lone_cr(line_break: str) -> None:
    parsed = parse(line_break.join(["a: 'x", "  y'", "", "b: 2", ""]).encode(), "spec.yaml")
    assert parsed.data == {"a": "x y", "b": 2}
    assert parsed.values["a",] == Mark(1, 4, 2, 5)
    assert parsed.keys["b",] == Mark(4, 1, 4, 2)
    assert where(refusal(line_break.join(["a: 1", "", "b: \x07"]))) == (3, 4)
    assert where(refusal(line_break.join(["a: 1", "", "b: [*"]))) == (3, 5)


@both_parsers
def test_columns_count_characters_and_not_bytes_or_utf_16_units() -> None:
    assert parse("{e\u0301\U0001f600: \U0001f600, b: 2}".encode(), "spec.yaml").values["b",] == Mark(
        1, 13, 1, 14
    )


@both_parsers
@pytest.mark.parametrize(
    "source", ["", "\n\n", "# only\n# comments\n", "---\n", "---\n...\n", "\ufeff", "--- # x\n"]
)
def test_an_empty_document_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (1, 1)
    assert error.what == "the document is empty"


@both_parsers
@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("- a: 1\n", "a list"),
        ("[]\n", "a list"),
        ("shop\n", "the single value `shop`"),
        ("name:shop\n", "the single value `name:shop`"),
        ("null\n", "the single value `null`"),
        ("''\n", "the single value ``"),
        ("42\n", "the single value `42`"),
    ],
)
def test_a_document_that_is_no_mapping_is_refused(source: str, found: str) -> None:
    error = refusal(f"# comment\n{source}")
    assert where(error) == (2, 1)
    assert error.what == f"the document is {found}, not a mapping of keys to values"


@both_parsers
def test_an_empty_mapping_and_document_markers_are_fine() -> None:
    assert data("{}") == {}
    assert data("---\na: 1\n...\n# end\n") == {"a": 1}


@both_parsers
@pytest.mark.parametrize("source", ["a: 1\n---\nb: 2\n", "a: 1\n---\n", "a: 1\n--- # again\na: 1\n"])
def test_a_second_document_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (2, 1)
    assert error.what == "a second document starts here"


@both_parsers
@pytest.mark.parametrize(
    "source",
    [
        "%YAML 1.1\n---\na: 1\n",
        "%YAML 1.2\n---\na: 1\n",
        "%TAG ! x\n---\na: 1\n",
        "%X 1\n---\na: 1\n",
        "%YAML 1.1\na: 1\n",
    ],
)
def test_a_directive_is_refused(source: str) -> None:
    error = refusal(source)
    assert where(error) == (1, 1)
    assert "`%` directives are not supported" in error.what


@both_parsers
def test_a_directive_below_a_comment_is_refused_at_its_line() -> None:
    assert where(refusal("# comment\n%YAML 1.1\n---\na: no\n")) == (2, 1)


@both_parsers
@pytest.mark.parametrize(
    ("source", "line", "column", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, 1),
        ("x:\n  a: 1\n  'a': 2\n", 3, 3, 2),
        ('x:\n  - {a: 1, "\\u0061": 2}\n', 2, 12, 2),
        ("a:\n  b: 1\na:\n  c: 1\n", 3, 1, 1),
    ],
)
def test_a_duplicate_key_is_refused_with_both_lines(source: str, line: int, column: int, first: int) -> None:
    error = refusal(source)
    assert where(error) == (line, column)
    assert error.what.startswith(f"key `a` is on line {first} already")


@both_parsers
def test_the_same_key_in_two_mappings_is_fine() -> None:
    assert data("a: {a: 1}\nb: [{a: 1}, {a: 2}]\n") == {"a": {"a": 1}, "b": [{"a": 1}, {"a": 2}]}


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("a: &x 1\n", (1, 4)),
        ("a: &x\n  b: 1\n", (1, 4)),
        ("a: &x [1]\n", (1, 4)),
        ("&x a: 1\n", (1, 1)),
        ("&x\na: 1\n", (1, 1)),
        ("a: &x\n", (1, 4)),
        ("a: &x !!str 1\n", (1, 4)),
    ],
)
def test_anchors_are_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "anchor `&x` is not supported" in error.what


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [("a: *x\n", (1, 4)), ("a: [1, *x]\n", (1, 8)), ("*x : 1\n", (1, 1)), ("*x\n", (1, 1))],
)
def test_aliases_are_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "alias `*x` is not supported" in error.what


@both_parsers
@pytest.mark.parametrize(
    ("source", "position", "tag"),
    [
        ("a: !!str 5\n", (1, 4), "!!str"),
        ("a: !Ref x\n", (1, 4), "!Ref"),
        ("a: !<tag:yaml.org,2002:int> '5'\n", (1, 4), "!<tag:yaml.org"),
        ("a: !!set {x}\n", (1, 4), "!!set"),
        ("a: !!python/object/apply:os.system [id]\n", (1, 4), "!!python/object/apply:os.system"),
        ("a: ! 5\n", (1, 4), "!"),
        ("a: ! '5'\n", (1, 4), "!"),
        ("a: ! [5]\n", (1, 4), "!"),
        ("a: !\nb: 1\n", (1, 4), "!"),
        ("a:\n- ! b: 1\n", (2, 3), "!"),
        ("!!str a: 1\n", (1, 1), "!!str"),
        ("!!map\na: 1\n", (1, 1), "!!map"),
        ("! 5\n", (1, 1), "!"),
    ],
)
def test_tags_are_refused(source: str, position: tuple[int, int], tag: str) -> None:
    error = refusal(source)
    assert where(error) == position
    assert f"tag `{tag}` is not supported" in error.what


@both_parsers
def test_an_exclamation_mark_inside_text_is_no_tag() -> None:
    assert data("a!: b!\n'!c': '!d'\ne: |\n  !f\n") == {"a!": "b!", "!c": "!d", "e": "!f\n"}


@both_parsers
def test_merge_keys_are_refused_and_quoted_ones_are_text() -> None:
    error = refusal("a:\n  <<: {b: 1}\n")
    assert where(error) == (2, 3)
    assert "merge key" in error.what
    assert data("'<<': 1\n") == {"<<": 1}
    assert value("<<") == "<<"


@both_parsers
@pytest.mark.parametrize(
    "key", ["null", "~", "Null", "true", "FALSE", "1", "-1", "0x1F", "1.5", "1e3", ".inf", ".nan", "9" * 5000]
)
def test_a_key_that_is_no_text_is_refused_and_its_quoted_form_is_text(key: str) -> None:
    error = refusal(f"a:\n  {key}: x\n")
    assert where(error) == (2, 3)
    assert "is not text" in error.what or len(key) > 1024
    if len(key) < 1024:
        assert f'Quote it: `"{key}"`' in error.fix
        assert data(f'a:\n  "{key}": x\n') == {"a": {key: "x"}}


@both_parsers
def test_keys_that_only_yaml_1_1_takes_for_something_else_are_text() -> None:
    assert list(data("on: 1\nno: 2\ny: 3\n22:22: 4\n2024-01-01: 5\n-a: 6\n+: 7\n.: 8\n=: 9\n")) == [
        "on", "no", "y", "22:22", "2024-01-01", "-a", "+", ".", "=",
    ]  # fmt: skip


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("? [a]\n: b\n", (1, 3)),
        ("[a]: b\n", (1, 1)),
        ("x:\n  {a: 1}: b\n", (2, 3)),
        ("? |\n  a\n: b\n", (1, 3)),
        ("url: {{ host }}\n", (1, 7)),
    ],
)
def test_a_key_that_is_a_list_a_mapping_or_a_block_is_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "where a key must be" in error.what


@both_parsers
@pytest.mark.parametrize(
    "source", ["a:\n  : x\n", "a:\n  {: x}\n", "a:\n  ? # none\n  : x\n", "a:\n  {?: x}\n"]
)
def test_a_missing_key_is_refused(source: str) -> None:
    assert refusal(source).line in {2, 3}


@both_parsers
@pytest.mark.parametrize(
    ("source", "position"),
    [
        ("x: {a:1}\n", (1, 8)),
        ("x: {a, b: 1}\n", (1, 6)),
        ("x: {a-}\n", (1, 7)),
        ("x: {'a'  , b: 1}\n", (1, 8)),
        ("? a\n:\n", (1, 4)),
        ("? a\n\n? b\n", (1, 4)),
        ("x: [? a]\n", (1, 8)),
    ],
)
def test_a_key_without_colon_and_value_is_refused(source: str, position: tuple[int, int]) -> None:
    error = refusal(source)
    assert where(error) == position
    assert "without `:` and value" in error.what


@both_parsers
def test_a_value_left_out_is_null_right_after_its_colon_or_dash() -> None:
    parsed = parse(b"a:   # nothing\n\nb:\n  -\n  - {c: , d: }\n", "spec.yaml")
    assert parsed.data == {"a": None, "b": [None, {"c": None, "d": None}]}
    assert parsed.values["a",] == Mark(1, 3, 1, 3)
    assert parsed.values["b", 0] == Mark(4, 4, 4, 4)
    assert parsed.values["b", 1, "c"] == Mark(5, 8, 5, 8)


@both_parsers
def test_nesting_is_bounded() -> None:
    assert data("a: " + "[" * 63 + "]" * 63)
    error = refusal("a: " + "[" * 64 + "]" * 64)
    assert where(error) == (1, 67)
    assert "64 levels" in error.what
    assert "64 levels" in refusal("a: " + "[" * 900_000).what
    assert "64 levels" in refusal("a: " + "{a: " * 200_000).what
    assert "64 levels" in refusal("".join("  " * depth + "a:\n" for depth in range(200))).what


def test_the_number_of_values_is_bounded() -> None:
    assert len(data("a:\n" + "- 1\n" * 49_998)["a"]) == 49_998
    error = refusal("a:\n" + "- 1\n" * 49_999)
    assert where(error) == (50_000, 3)
    assert "more than 50000 values" in error.what


@pytest.mark.parametrize("form", ["{}", "'{}'", '"{}"', "|-\n {}", ">-\n {}"])
def test_the_length_of_a_text_is_bounded(form: str) -> None:
    assert len(value(form.format("x" * 65_536))) == 65_536
    error = refusal("key: " + form.format("x" * 65_537))
    assert where(error) == (1, 6)
    assert "more than 65536 characters" in error.what


def test_the_length_of_a_key_is_bounded() -> None:
    assert data(f"{'k' * 1000}: 1\n") == {"k" * 1000: 1}
    assert "more than 65536 characters" in refusal(f"? {'k' * 65_537}\n: 1\n").what
    assert "at most 1024 characters" in refusal(f'{{"{"k" * 1100}": 1}}').fix


def test_a_text_that_was_not_read_from_a_file_is_bounded_too() -> None:
    assert "larger than 1024 KiB" in refusal(b"#" * (2**20 + 1)).what


# Scalars: https://yaml.org/spec/1.2.2/#103-core-schema


@both_parsers
@pytest.mark.parametrize(
    "plain",
    [
        "no", "No", "NO", "yes", "Yes", "on", "off", "Off", "y", "n", "Y", "N",
        "22:22", "1:30:00", "190:20:30.15", "2024-01-01", "2001-12-14t21:59:43.10-05:00",
        "0b11", "1_000", "0x_1", "0o8", "0O7", "0XFF", "+0o7", "-0x1", "1e", "e1",
        "1.2.3", "1..2", "--1", "+-1",
        "nULL", "TrUe", "nUll", "none", "None", "nil", "inf", ".iNF", "+.nan", "-.NaN", "Infinity", "NaN",
        "+", ".", "..", "-.", "+.e1", "<<", "=", "0o", "0x", "1 2", "1,2", "\u0661", "\uff11", "1e5\u0661",
    ],
)  # fmt: skip
def test_text_that_the_core_schema_does_not_know_stays_text(plain: str) -> None:
    assert value(plain) == plain


@both_parsers
@pytest.mark.parametrize(
    ("plain", "meant"),
    [
        ("010", 10), ("-010", -10), ("0o10", 8), ("0x1F", 31), ("0xdeadBEEF", 0xDEADBEEF), ("+12", 12),
        ("-0", 0), ("00", 0), ("0" * 5000 + "7", 7), ("0o0", 0),
        ("0.", 0.0), ("-0.0", -0.0), (".5", 0.5), ("-.5", -0.5), ("+12e03", 12000.0), ("-2E+05", -200000.0),
        ("1e3", 1000.0), ("1.10", 1.1), ("99.95", 99.95), ("1e-400", 0.0),
        ("null", None), ("Null", None), ("NULL", None), ("~", None), ("", None),
        ("true", True), ("True", True), ("TRUE", True), ("false", False), ("False", False), ("FALSE", False),
    ],
)  # fmt: skip
def test_plain_scalars_are_resolved_by_the_core_schema(plain: str, meant: object) -> None:
    assert repr(value(plain)) == repr(meant)


@both_parsers
@pytest.mark.parametrize("quoted", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
@pytest.mark.parametrize("plain", ["1", "true", "null", "~", "1.5", ".inf", "0x1", "<<"])
def test_quoted_and_block_scalars_are_always_text(plain: str, quoted: str) -> None:
    assert value(quoted.format(plain)) == plain


# The tables of https://yaml.org/spec/1.2.2/#1032-tag-resolution, as they are printed there.
CORE_SCHEMA = {
    "null": r"null | Null | NULL | ~ | ",
    "bool": r"true | True | TRUE | false | False | FALSE",
    "int 10": r"[-+]? [0-9]+",
    "int 8": r"0o [0-7]+",
    "int 16": r"0x [0-9a-fA-F]+",
    "float": r"[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?",
    "infinity": r"[-+]? ( \.inf | \.Inf | \.INF )",
    "not a number": r"\.nan | \.NaN | \.NAN",
}


def resolve_by_the_table(plain: str) -> Any:
    name = next((n for n, e in CORE_SCHEMA.items() if re.fullmatch(e, plain, re.VERBOSE)), "str")
    constructors: dict[str, Any] = {
        "null": lambda _: None,
        "bool": lambda p: p.lower() == "true",
        "int 10": int,
        "int 8": lambda p: int(p, 0),
        "int 16": lambda p: int(p, 0),
        "float": float,
        "infinity": lambda _: "refused",
        "not a number": lambda _: "refused",
        "str": str,
    }
    found = constructors[name](plain)
    is_too_large = (name == "float" and abs(found) == float("inf")) or (
        name[:3] == "int" and abs(found) > 2**53
    )
    return "refused" if is_too_large else found


@law
@given(
    st.text("0123456789abefinostruxINFLNTAE+-._~", max_size=9)
    | st.from_regex("|".join(CORE_SCHEMA.values()).replace(" ", ""), fullmatch=True)
)
@example("9007199254740993")
@example("9e999")
def test_resolution_agrees_with_the_table_of_the_core_schema(plain: str) -> None:
    assume(plain not in {"-", "---", "..."})  # these structure a document
    found: object = "refused"
    with contextlib.suppress(Unusable):
        found = value(plain)
    assert repr(found) == repr(resolve_by_the_table(plain))


@both_parsers
def test_the_specification_s_own_example_is_read_as_it_says() -> None:
    # https://yaml.org/spec/1.2.2/#example-core-tag-resolution, without its infinities
    source = """\
A null: null
Booleans: [ true, True, false, FALSE ]
Integers: [ 0, 0o7, 0x3A, -19 ]
Floats: [
  0., -0.0, .5, +12e03, -2E+05 ]
"""
    assert data(source) == {
        "A null": None,
        "Booleans": [True, True, False, False],
        "Integers": [0, 7, 58, -19],
        "Floats": [0.0, -0.0, 0.5, 12000.0, -200000.0],
    }


@both_parsers
@pytest.mark.parametrize(
    "plain", [".inf", ".Inf", "-.INF", "+.inf", ".nan", ".NaN", ".NAN", "1e309", "-1e309", "9" * 400 + "."]
)
def test_numbers_that_are_not_finite_are_refused(plain: str) -> None:
    error = refusal(f"a:\n  - {plain}\n")
    assert where(error) == (2, 5)
    assert "not a finite number" in error.what


@both_parsers
def test_integers_are_bounded_by_what_every_json_reader_keeps() -> None:
    for plain, number in (
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("0x20000000000000", 2**53),
    ):
        assert value(plain) == number
    for plain in (
        "9007199254740993",
        "-9007199254740993",
        "0x20000000000001",
        "0o400000000000000001",
        "9" * 5000,
        "-" + "1" * 20,
    ):
        error = refusal(f"a: {plain}\n")
        assert where(error) == (1, 4)
        assert "beyond 2^53" in error.what


# Syntax that PyYAML refuses, said in words


@both_parsers
@pytest.mark.parametrize(
    ("source", "position", "what"),
    [
        pytest.param("a:\n\tb: 1\n", (2, 1), "a tab", id="a tab indents"),
        pytest.param("a:\n  b: 1\n\tc: 2\n", (3, 1), "a tab", id="a tab indents the second line"),
        pytest.param("a:\n  \tb: 1\n", (2, 3), "a tab", id="a tab after spaces"),
        pytest.param("a:\n  -\tb: 1\n", (2, 4), "a tab", id="a tab after a dash"),
        pytest.param("a: |\n\ttext\n", (2, 1), "a tab", id="a tab in a text block"),
        pytest.param("a: 'x\nb: 1\n", (1, 4), "never closed", id="an open single quote"),
        pytest.param('a: 1\nb: "x\n', (2, 4), "never closed", id="an open double quote"),
        pytest.param("a: 'x\n\ty\n", (1, 4), "never closed", id="an open quote and a tab"),
        pytest.param("a: 'x\n---\nb'\n", (1, 4), "never closed", id="a quote over a document's end"),
        pytest.param("a: [1, 2\n", (1, 4), "`[` opened here is never closed", id="an open bracket"),
        pytest.param("a: {b: 1\n\n\n", (1, 4), "`{` opened here is never closed", id="an open brace"),
        pytest.param("a: [1, 2\nb: 3\n", (2, 2), "brackets opened on line 1, column 4", id="a bracket open"),
        pytest.param("a: {b: 1]\n", (1, 9), "`]` cannot stand here", id="the wrong bracket"),
        pytest.param("a: [1]]\n", (1, 7), "before this `]`", id="one bracket too many"),
        pytest.param("a: ]\n", (1, 4), "missing before this `]`", id="a closing bracket only"),
        pytest.param("a: [1,, 2]\n", (1, 7), "missing before this `,`", id="two commas"),
        pytest.param("a: b: c\n", (1, 5), "this `:` makes a key", id="a colon in text"),
        pytest.param("a: 1\n b: 2\n", (2, 3), "this `:` makes a key", id="a line indented too far"),
        pytest.param("a:\n  b: 1\n c: 2\n", (3, 2), "begin on line 1, column 1", id="indented too little"),
        pytest.param("a:\n  - b\n c\n", (3, 2), "begin on line 1, column 1", id="text between"),
        pytest.param("a:\n  - b: 1\n   - c\n", (3, 4), "begin on line", id="a dash in the wrong column"),
        pytest.param("a: 1\nb\nc: 2\n", (2, 1), "not `key: value`", id="a line without colon"),
        pytest.param("a: - b\n", (1, 4), "`- ` cannot start an entry", id="a list on its key's line"),
        pytest.param("a: ? b\n", (1, 4), "`? ` cannot start an entry", id="a question mark"),
        pytest.param("a: 1\n- b\n", (2, 1), "before this `-`", id="a list among keys"),
        pytest.param("a: 'it's'\n", (1, 8), "before this `s`", id="an apostrophe in single quotes"),
        pytest.param('a: "b" c\n', (1, 8), "before this `c`", id="text after a quote"),
        pytest.param("a: @b\n", (1, 4), "cannot start with this `@`", id="an at sign"),
        pytest.param("a: `b`\n", (1, 4), "cannot start with this ```", id="a backtick"),
        pytest.param("a: %b\n", (1, 4), "cannot start with this `%`", id="a percent sign"),
        pytest.param("a: *.example.com\n", (1, 4), "cannot start with this `*`", id="a wildcard"),
        pytest.param("a: & b\n", (1, 4), "cannot start with this `&`", id="an ampersand"),
        pytest.param("a: !a!b c\n", (1, 4), "cannot start with this `!`", id="a tag of an unknown handle"),
        pytest.param("a: !<b c\n", (1, 4), "cannot start with this `!`", id="an open tag"),
        pytest.param("a: | b\n", (1, 4), "text block that `|` opens", id="text after a bar"),
        pytest.param("a: >0\n  b\n", (1, 4), "text block that `>` opens", id="indented by zero"),
        pytest.param("a: 1\n...\nb: 2\n", (3, 1), "document has ended", id="text after the end"),
        pytest.param("{a: 1} b\n", (1, 8), "document has ended", id="text after the last brace"),
    ],
)  # fmt: skip
def test_bad_syntax_is_said_in_words_where_it_is(source: str, position: tuple[int, int], what: str) -> None:
    error = refusal(source)
    assert what in error.what
    assert where(error) == position
    assert error.fix.endswith(".")


def test_without_libyaml_a_tab_in_brackets_is_refused_as_a_tab() -> None:
    error = outcome(b"a: {b:\tc}", "without libyaml")
    assert isinstance(error, Unusable)
    assert where(error) == (1, 7)
    assert "a tab" in error.what


# Laws

texts = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["no", "1", "", "~", "a: b", " x ", "# c", "- a", "!a", "a-", "it's", "l1\nl2\n", "\U0001f600", "e\u0301"]
)
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
trees = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
documents = st.dictionaries(texts, trees, max_size=5)


def to_json(tree: Any, indent: int | None = None) -> str:
    """JSON with escapes for the few characters that it may hold as they are and the reader refuses."""
    written = json.dumps(tree, ensure_ascii=False, indent=indent)
    return re.sub(
        "[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", lambda m: f"\\u{ord(m[0]):04x}", written
    )


class Writer:
    """Writes a tree as YAML, in a way of its own every time."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def flow(self, tree: Any) -> str:
        space = self.chance.choice(["", " "])
        if isinstance(tree, dict):
            return "{" + ", ".join(f"{self.scalar(k)}: {self.flow(v)}{space}" for k, v in tree.items()) + "}"
        if isinstance(tree, list):
            return "[" + ", ".join(self.flow(v) + space for v in tree) + "]"
        return self.scalar(tree)

    def scalar(self, leaf: Any) -> str:
        if not isinstance(leaf, str):
            return to_json(leaf)
        ways = [to_json(leaf)]
        if leaf.isprintable():
            ways.append("'" + leaf.replace("'", "''") + "'")
        if (
            re.fullmatch("[\\w\U0001f600\u0301]([\\w\U0001f600\u0301 -]*[\\w-])?", leaf)
            and resolve_by_the_table(leaf) == leaf
        ):
            ways.append(leaf)
        return self.chance.choice(ways)

    def block(self, tree: Any, indent: int) -> str:
        lines = []
        for item in tree.items() if isinstance(tree, dict) else tree:
            lines.append(self.chance.choice(["", "", "", "\n", "# comment: [\n"]))
            start, inner = (f"{self.scalar(item[0])}:", item[1]) if isinstance(tree, dict) else ("-", item)
            lines.append(" " * indent + start + self.rest(inner, indent, start))
        return "".join(lines)

    def rest(self, tree: Any, indent: int, start: str) -> str:
        """What follows a key's colon or an entry's dash."""
        deeper = indent + self.chance.randint(1, 4)
        end = self.chance.choice(["", "", " # comment"]) + "\n"
        if tree is None and self.chance.random() < 0.5:
            return end
        if isinstance(tree, dict | list) and tree and self.chance.random() < 0.7:
            if start == "-" and self.chance.random() < 0.5:
                inner = self.block(tree, indent + 2)
                return inner[indent + 1 :] if inner.startswith(" ") else end + inner
            return end + self.block(tree, deeper)
        if isinstance(tree, str) and re.fullmatch(r"([!-~]+\n)+", tree):
            return " |\n" + "".join(" " * deeper + line + "\n" for line in tree.splitlines())
        return " " + self.flow(tree) + end


@st.composite
def written_documents(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    tree = draw(documents.filter(bool))
    written = Writer(draw(st.randoms())).block(tree, 0)
    return written.replace("\n", draw(st.sampled_from(["\n", "\r\n", "\r"]))), tree


def pointers(tree: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Any]]:
    yield pointer, tree
    if isinstance(tree, dict | list):
        for step, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from pointers(inner, (*pointer, step))


def between(source: str, mark: Mark) -> tuple[int, str]:
    starts = [0, *(found.end() for found in LINE_BREAK.finditer(source))]
    start = starts[mark.line - 1] + mark.column - 1
    end = starts[mark.end_line - 1] + mark.end_column - 1 if mark.end_line <= len(starts) else len(source)
    return start, source[start:end]


def require_positions_of_what_is_there(source: str, parsed: Parsed) -> None:
    found = dict(pointers(parsed.data))
    assert set(parsed.values) == set(found)
    assert set(parsed.keys) == {pointer for pointer in found if pointer and isinstance(pointer[-1], str)}
    for pointer, mark in parsed.keys.items():
        assert data(f"key:\n  {between(source, mark)[1]}: 1") == {"key": {pointer[-1]: 1}}
    for pointer, mark in parsed.values.items():
        start, written = between(source, mark)
        meant = found[pointer]
        if isinstance(meant, dict | list):
            children = [p for p in found if p[:-1] == pointer and p != pointer]
            is_first_key = bool(children) and mark[:2] == parsed.keys.get(children[0], (0, 0))[:2]
            assert source[start] in ("{?" if isinstance(meant, dict) else "[-") or is_first_key
        elif written == "":
            assert meant is None
            assert source[start - 1] in ":-"
        else:
            if written[0] not in "|>":
                written = LINE_BREAK.sub("\n ", written)  # what ran on in brackets runs on below a key
            assert repr(data(f"key: {written}")) == repr({"key": meant})


@law
@given(documents, st.sampled_from([None, 0, 1, 4]))
def test_every_json_document_is_read_as_json_reads_it(tree: dict[str, Any], indent: int | None) -> None:
    assert repr(data(to_json(tree, indent))) == repr(tree)


@law
@given(written_documents())
def test_whatever_way_a_document_is_written_its_data_and_positions_are_right(
    written: tuple[str, dict[str, Any]],
) -> None:
    source, tree = written
    parsed = parse(source.encode(), "spec.yaml")
    assert repr(parsed.data) == repr(tree)
    require_positions_of_what_is_there(source, parsed)


def outcome(source: bytes, parser: str) -> Parsed | Unusable:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "_PARSER", PARSERS[parser])
        try:
            parsed = parse(source, "spec.yaml")
        except Unusable as error:
            return error
        # Each parser judges its own: about tabs at the edge of what YAML allows, the two don't always agree.
        require_positions_of_what_is_there(source.decode("utf-8-sig"), parsed)
        return parsed


def require_one_meaning_or_a_clear_refusal(source: bytes) -> None:
    """One document for both parsers, or an error that points into the text and fits on a line."""
    lines = LINE_BREAK.split(source.decode("utf-8-sig", errors="replace"))
    found = []
    for parser in PARSERS:
        result = outcome(source, parser)
        if isinstance(result, Parsed):
            found.append(result)
            continue
        assert result.line is not None
        assert result.column is not None
        assert 1 <= result.line <= len(lines)
        assert 1 <= result.column <= len(lines[result.line - 1]) + 1
        assert str(result).isprintable()
    for parsed in found:
        assert repr(parsed) == repr(found[0])
        assert repr(json.loads(json.dumps(parsed.data, allow_nan=False))) == repr(parsed.data)


@law
@given(
    st.binary(max_size=60)
    | st.builds(lambda a, b: b"a: " + a + b"\n" + b, st.binary(max_size=9), st.binary(max_size=9))
)
def test_any_bytes_are_one_document_or_unusable(source: bytes) -> None:
    require_one_meaning_or_a_clear_refusal(source)


FRAGMENTS = [
    *"abc-:?,[]{}#&*!|>'\"%@`~0.\\\n \t\r", "\n", "\n  ", "\n- ", ": ", "a: ", "b: ", "- ", "? ", "---",
    "...", "\n---\n", "\r\n", "&x ", "*x ", "!t ", "!!str ", "<<: ", "%YAML 1.2\n", "'a'", '"b"', '"',
    "\\u0041", "\\x", "|\n", ">-\n  ", "|2+\n", "#c\n", "null", "true", "1", "-0x", "1e9", ".inf", "no",
    "\u00e9", "\U0001f600", "\u00a0", "\u2028", "\x85", "\ufeff", "\x07", "{a: 1}", "[1, 2]",
]  # fmt: skip


@settings(law, max_examples=1000)
@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join),
    st.sampled_from(["", "a: ", "a: [", "a: {", 'a: "', "a:\n  "]),
)
def test_any_mix_of_yaml_s_signs_is_one_document_or_unusable(signs: str, start: str) -> None:
    require_one_meaning_or_a_clear_refusal((start + signs).encode())


@law
@given(written_documents(), st.data())
def test_a_document_damaged_anywhere_is_one_document_or_unusable(
    written: tuple[str, Any], choose: st.DataObject
) -> None:
    source = written[0].encode()
    start = choose.draw(st.integers(0, len(source)))
    end = choose.draw(st.integers(start, min(len(source), start + 4)))
    damage = choose.draw(st.sampled_from(FRAGMENTS).map(str.encode) | st.binary(max_size=3))
    require_one_meaning_or_a_clear_refusal(source[:start] + damage + source[end:])
