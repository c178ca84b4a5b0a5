"""Logs as they are read."""

import bz2
import gzip
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pave.edge.logs import read_log, without_values
from pave.refused import Refused

LINE = '198.51.100.7 - ann [01/Nov/2026:00:00:09 +0100] "GET /a?b=c HTTP/1.1" 200 512 "-" "curl/8 \\"x\\""'


def entry(**more: Any) -> dict[str, Any]:
    return {
        "timestamp": "2026-11-01T00:00:08.5Z",
        "httpRequest": {
            "requestMethod": "POST",
            "requestUrl": "https://Customers.acme.example:443/a?b=c",
            "remoteIp": "173.245.48.1",
            "status": 403,
        },
        **more,
    }


def test_an_entry_of_a_load_balancer_says_what_cloud_armor_made_of_it(tmp_path: Path) -> None:
    payload = {
        "enforcedSecurityPolicy": {"outcome": "ACCEPT", "priority": 3000, "name": "p"},
        "previewSecurityPolicy": {"outcome": "DENY", "priority": 1000},
        "securityPolicyRequestData": {
            "userIpInfo": {"ipAddress": "198.51.100.7", "source": "CF-Connecting-IP"},
            "remoteIpInfo": {"regionCode": "DE", "asn": 1},
        },
    }
    (tmp_path / "log").write_text(json.dumps(entry(jsonPayload=payload)) + "\n")
    (one,) = read_log(tmp_path / "log").requests
    assert (one.method, one.uri, one.host) == ("POST", "/a?b=c", "customers.acme.example")
    assert (one.connected, one.client, one.region) == ("173.245.48.1", "198.51.100.7", "DE")
    assert (one.priority, one.previewed) == (None, 1000)


def test_a_line_of_a_web_server_says_who_the_client_is(tmp_path: Path) -> None:
    (tmp_path / "log").write_text(LINE + "\n")
    (one,) = read_log(tmp_path / "log").requests
    assert (one.client, one.connected, one.uri, one.status) == ("198.51.100.7", None, "/a?b=c", 200)
    assert one.at == 1793487609.0


def test_a_list_that_is_newest_first_is_read_from_the_oldest_on(tmp_path: Path) -> None:
    newest_first = [entry(timestamp=f"2026-11-01T00:00:0{second}Z") for second in (9, 5, 1)]
    (tmp_path / "log").write_text(json.dumps(newest_first, indent=1))
    times = [each.at for each in read_log(tmp_path / "log").requests]
    assert len(times) == 3
    assert times == sorted(times)


@pytest.mark.parametrize(
    "line",
    [
        "rubbish",
        "{",
        '{"timestamp": "x"}',
        json.dumps(entry(timestamp="yesterday")),
        json.dumps(entry(timestamp="2026-11-01T00:00:08")),
        LINE.replace("198.51.100.7", "fe80::1%eth0"),
        LINE.replace("198.51.100.7", "a.host.example"),
        LINE.replace("Nov", "Nil"),
        LINE.replace("/a?b=c", "http://elsewhere/"),
    ],
)
def test_a_line_without_a_request_is_counted_and_the_first_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "log").write_text(f"{LINE}\n{line}\n{line}\n{LINE}\n")
    log = read_log(tmp_path / "log")
    assert (len(log.requests), log.unread, log.first_unread) == (2, 2, 2)


@pytest.mark.parametrize("text", ["", "rubbish\n", "[]", "[1, ", "\xff"])
def test_a_file_without_any_request_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "log").write_text(text, "latin-1")
    with pytest.raises(Refused, match="no request is in it"):
        read_log(tmp_path / "log")


def test_an_address_in_the_clothes_of_the_other_protocol_is_the_one_that_google_sees(tmp_path: Path) -> None:
    inner = {"securityPolicyRequestData": {"userIpInfo": {"ipAddress": "::ffff:198.51.100.7"}}}
    mapped = entry(jsonPayload=inner)
    mapped["httpRequest"]["remoteIp"] = "::ffff:173.245.48.1"
    lines = [LINE.replace("198.51.100.7", "::ffff:198.51.100.7"), json.dumps(mapped)]
    (tmp_path / "log").write_text("\n".join(lines))
    assert {each.client for each in read_log(tmp_path / "log").requests} == {"198.51.100.7"}
    assert {each.connected for each in read_log(tmp_path / "log").requests} == {None, "173.245.48.1"}


SUITE = """\
---
rule_id: 942100
tests:
  - test_id: 1
    stages:
      - input:
          headers: {Host: localhost, User-Agent: "OWASP CRS"}
          method: POST
          uri: /post
          data: "id=1' or 1=1"
        output: {log: {expect_ids: [942100]}}
  - test_id: 2
    stages: [{input: {uri: "/get?a=b"}, output: {log: {no_expect_ids: [942100]}}}]
  - {test_id: 3, stages: [{input: {encoded_request: R0VUIC8=, uri: /}}]}
  - {test_id: 4, stages: [{input: {uri: /}}, {input: {uri: /}}]}
"""


def test_a_file_of_the_core_rules_own_requests_is_read_and_one_to_let_through_counts_as_answered(
    tmp_path: Path,
) -> None:
    (tmp_path / "942100.yaml").write_text(SUITE + SUITE)
    log = read_log(tmp_path / "942100.yaml")
    assert (len(log.requests), log.unread, log.first_unread, log.is_whole) == (4, 4, 3, True)
    attack, harmless, *_ = log.requests
    assert (attack.method, attack.uri, attack.status, attack.body) == ("POST", "/post", 403, b"id=1' or 1=1")
    assert dict(attack.headers)["Content-Type"] == "application/x-www-form-urlencoded"
    assert (harmless.method, harmless.uri, harmless.status) == ("GET", "/get?a=b", 200)
    assert len({each.client for each in log.requests}) == 4  # so that no limit counts them together


@pytest.mark.parametrize(
    "tests", ["", "[1, {}]", "{a: b}", "[{stages: [{input: {uri: 1}}]}]", "&a [*a]", "[", "!x"]
)
def test_a_file_that_is_only_like_one_is_refused(tmp_path: Path, tests: str) -> None:
    (tmp_path / "log").write_text(f"tests:\n  {tests}\n")
    with pytest.raises(Refused, match="no request is in it"):
        read_log(tmp_path / "log")


def test_a_mark_of_the_byte_order_and_lines_of_windows_are_no_matter(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"\xef\xbb\xbf" + json.dumps(entry()).encode() + b"\r\n")
    assert len(read_log(tmp_path / "log").requests) == 1


@pytest.mark.parametrize(
    ("packed", "program"),
    [(gzip.compress, "gzip"), (bz2.compress, "bzip2"), (lzma.compress, "xz")],
)
def test_a_log_that_is_packed_says_with_what_to_unpack_it(
    tmp_path: Path, packed: Callable[[bytes], bytes], program: str
) -> None:
    (tmp_path / "log.z").write_bytes(packed(LINE.encode()))
    with pytest.raises(Refused, match=f"is packed. Unpack it first: {program} "):
        read_log(tmp_path / "log.z")


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.log"
    path.write_bytes(text)
    try:
        read_log(path)
    except Refused:
        return


@given(
    st.text(st.characters(exclude_characters="&=?"), min_size=3),
    st.sampled_from(["/a?b={}", "/?x&c={}&d={}"]),
)
def test_no_value_of_a_query_is_shown(value: str, uri: str) -> None:
    secret = f"~{value}~"
    assert secret not in without_values(uri.format(secret, secret))
