"""A diff of changed texts is one that git applies."""

from pathlib import Path

import pytest

from pave.fixing.rewriting import unified_diff
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
