import json

import pytest

from tests.command import pave
from tests.repository import HOME

pytestmark = pytest.mark.filterwarnings("ignore:gcp.* has been deprecated in favor of:DeprecationWarning")


def planned(stack: str, form: str) -> str:
    said = pave(HOME, "plan", stack, "--format", form)
    assert said.exit_code in (0, 1), said.output
    return said.stdout


def test_a_plan_says_which_dns_records_others_have_to_make() -> None:
    text = " ".join(planned("service.customersdot.production", "text").split())
    assert "DNS records that others have to make:" in text
    assert "customers.acme.example CNAME origin.customers.acme.example. (cloudflare)" in text
    found = json.loads(planned("service.customersdot.production", "json"))["recordsElsewhere"]
    assert [(each["name"], each["type"], each["holder"]) for each in found] == [
        ("customers.acme.example", "CNAME", "cloudflare"),
        ("origin.customers.acme.example", "A", "cloudflare"),
        ("_acme-challenge_*.customers.acme.example", "CNAME", "cloudflare"),
    ]


@pytest.mark.parametrize("stack", ["service.lunch-menu.production", "foundation.production"])
def test_where_nobody_else_has_to_make_one_it_says_nothing(stack: str) -> None:
    assert "DNS records" not in planned(stack, "text")
    assert json.loads(planned(stack, "json"))["recordsElsewhere"] == []
