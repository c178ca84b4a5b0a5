"""A diff of changed texts is one that git applies."""

from pathlib import Path

import pytest

from pave.fixing.rewriting import quotable_diff, unified_diff
from tests.repository import git


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\nc\n", b"a\nB\nc\n"),
        (b"a\nb", b"a\nc"),
        (b"a\nb", b"a\nb\nc"),
        (b"a\r\nb\r\n", b"a\r\nb\r\nc\r\n"),
        (b"\xef\xbb\xbfa: 1\x0bx\n", b"\xef\xbb\xbfa: 2\x0bx\n"),
        (b"a\rb\r", b"a\rc\r"),
    ],
)
def test_a_diff_is_one_that_git_applies(tmp_path: Path, before: bytes, after: bytes) -> None:
    (tmp_path / "x.yaml").write_bytes(before)
    git(tmp_path, "init", "--quiet")
    diff = unified_diff("x.yaml", before, after)
    git(tmp_path, "apply", stdin=diff)
    assert (tmp_path / "x.yaml").read_bytes() == after


def covered(text: bytes) -> bytes:
    return text.replace(b"hunter2", b"*******")


@pytest.mark.parametrize(
    ("before", "options"),
    [
        (b"a\nb\nc\nd\ne\npassword: hunter2\n", ()),
        (b"a\nb\npassword: hunter2\n", ("--unidiff-zero",)),
    ],
)
def test_a_diff_keeps_away_from_a_secret_and_can_still_be_applied(
    tmp_path: Path, before: bytes, options: tuple[str, ...]
) -> None:
    after = before.replace(b"b\n", b"B\n")
    (tmp_path / "x.yaml").write_bytes(before)
    git(tmp_path, "init", "--quiet")
    diff = quotable_diff("x.yaml", before, after, covered)
    assert diff is not None
    assert b"hunter2" not in diff.text
    assert ("--unidiff-zero" in diff.note) == bool(options)
    git(tmp_path, "apply", *options, stdin=diff.text)
    assert (tmp_path / "x.yaml").read_bytes() == after


def test_a_secret_in_a_changed_line_is_covered_and_the_diff_says_that_it_is_no_patch() -> None:
    diff = quotable_diff("x.yaml", b"{a: hunter2}\n", b"{a: hunter2, b: 1}\n", covered)
    assert diff is not None
    assert b"-{a: *******}\n+{a: *******, b: 1}\n" in diff.text
    assert diff.note == "x.yaml can't be patched with this: secrets in changed lines are covered."


def test_there_is_no_diff_of_what_nobody_can_tell_the_secrets_of() -> None:
    assert quotable_diff("x.yaml", b"a", b"b", lambda _: None) is None
