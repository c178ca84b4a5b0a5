"""By what limits tell clients apart."""

import pytest

from catalog.kinds.service_spec import LimitKey, RateLimit
from components.design.edge.keys import counted, is_chosen, key_parts
from components.design.edge.limits import in_words
from components.design.edge.request import Request, Unknown
from components.design.edge_model import KeyPart, RequestRule

TOKEN = LimitKey(by=["address"], header="X-Api-Key", cookie=None)
SESSION = LimitKey(by=["address"], header=None, cookie="session")
PATH = LimitKey(by=["path"], header=None, cookie=None)


def asks(key: LimitKey | None, request: Request) -> tuple[str, ...] | Unknown:
    return counted(key_parts(key, "USER_IP"), request)


def words(key: LimitKey | None, address: str = "IP", sources: tuple[str, ...] = ("*",)) -> str:
    limit = RateLimit(
        requests=20, per_seconds=60, action="throttle", ban_seconds=600, mode="enforce", previewed_on=None
    )
    rule = RequestRule(
        priority=2000,
        action="throttle",
        description="",
        sources=list(sources),
        limit=limit,
        key=key_parts(key, address),
    )
    return in_words(rule, ["purchase"], 1, "us-east1")


def test_without_a_key_the_address_alone_counts() -> None:
    assert key_parts(None, "USER_IP") == [KeyPart("USER_IP")]
    assert asks(None, Request("GET", "/", user_ip="198.51.100.7")) == ("198.51.100.7",)


def test_two_tokens_at_one_address_are_two_clients_and_so_is_one_token_at_two() -> None:
    requests = [
        Request("GET", "/", headers={"x-api-key": token}, user_ip=address)
        for token in ("one", "two")
        for address in ("198.51.100.7", "198.51.100.8")
    ]
    assert len({asks(TOKEN, each) for each in requests}) == 4


def test_all_who_lack_a_header_count_by_what_is_left_of_the_key() -> None:
    bare = Request("GET", "/", user_ip="198.51.100.7")
    assert asks(TOKEN, bare) == asks(TOKEN, bare._replace(headers={"accept": "*/*"}))
    assert asks(TOKEN, bare) != asks(TOKEN, bare._replace(user_ip="198.51.100.8"))


def test_a_cookie_is_found_among_others_and_not_by_a_part_of_its_name() -> None:
    one = Request("GET", "/", headers={"cookie": "my_session=x; session=a=b"}, user_ip="198.51.100.7")
    assert asks(SESSION, one) == ("198.51.100.7", "a=b")


@pytest.mark.parametrize("key", [TOKEN, SESSION])
def test_of_a_request_whose_headers_are_not_all_known_a_missing_one_is_not_known(key: LimitKey) -> None:
    asked = asks(key, Request("GET", "/", has_all_headers=False))
    assert isinstance(asked, Unknown)
    assert asked.why in {"what header X-Api-Key was", "what cookie session was"}


@pytest.mark.parametrize(
    ("key", "why"),
    [
        (LimitKey(by=["address", "region"], header=None, cookie=None), "where the client is"),
        (
            LimitKey(by=["address", "ja4"], header=None, cookie=None),
            "only Google knows how the client speaks TLS",
        ),
    ],
)
def test_what_only_google_can_tell_is_not_known(key: LimitKey, why: str) -> None:
    assert asks(key, Request("GET", "/")) == Unknown(why)


def test_only_the_first_bytes_of_a_path_count() -> None:
    long = "/" + "a" * 127
    assert asks(PATH, Request("GET", f"{long}b")) == asks(PATH, Request("GET", f"{long}c")) == (long,)


def test_a_client_may_change_all_but_where_it_comes_from() -> None:
    region = LimitKey(by=["address", "region"], header=None, cookie=None)
    assert [is_chosen(key) for key in (None, region, TOKEN, SESSION, PATH)] == [
        False,
        False,
        True,
        True,
        True,
    ]


def test_words_say_how_a_client_gets_round_its_limit() -> None:
    assert words(None).startswith("One client, told by its address, may send 20 requests in 60 s to purchase")
    assert "Whoever writes another X-Api-Key with each request has a new allowance each time" in words(TOKEN)
    assert "Of it the first 128 bytes count" in words(SESSION)


def test_words_say_that_all_share_an_allowance_where_no_address_counts() -> None:
    assert words(PATH).startswith(
        "All clients with the same path asked for, however many they are, together may send 20 requests"
    )


def test_words_say_that_who_goes_past_the_proxy_writes_the_address_itself() -> None:
    said = "goes past the proxy writes that address itself"
    assert said in words(None, "USER_IP")
    assert said not in words(None, "USER_IP", ("173.245.48.0/20",))
