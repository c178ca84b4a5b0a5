"""Logs as they are read."""

import json
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
