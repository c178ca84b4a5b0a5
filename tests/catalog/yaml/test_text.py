"""The reader of one YAML document: which files and bytes it takes, and what it says of the others."""

import gzip
import os
import pickle
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog.yaml.parsed import Mark, Unusable
from catalog.yaml.text import parse, read
from tests.catalog.yaml.reading import both_parsers, refusal, unreadable, value, where


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
    error = refusal("ab " * 500)
    assert "…" in error.what
    assert len(str(error)) < 250


@pytest.mark.parametrize(
    "text",
    [
        "a: *{}\n",
        "a: !{}\n",
        "a: &{} 1\n",
        "a: [*{}, 1]\n",
        "{}\n",
        "a: 1\n{}: 2\n{}: 3\n",
    ],
)
@pytest.mark.parametrize("secret", ["hunter2hunter2", "sk_live_4eC39HqLyjWDarjtT1zdp7dc", "4242424242424242"])
def test_what_may_be_a_secret_is_not_quoted_from_a_text_that_can_not_be_read(text: str, secret: str) -> None:
    error = refusal(text.replace("{}", secret))
    assert secret[:8] not in str(error)
    assert error.line


def test_a_number_that_may_be_somebodys_card_is_not_quoted() -> None:
    assert "42424242" not in str(refusal("a: 42424242424242424242\n"))
    assert "42424242" not in str(refusal("4242424242424242: 1\n"))


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
