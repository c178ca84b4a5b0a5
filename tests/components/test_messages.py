"""What queues and topics are made of: who publishes, who takes, and where what fails goes."""

from typing import Any

from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, named, plan, urns
from tests.components.test_foundation import recording

DESK = "order-desk"
PROJECT = "projects/acme-subscriptions-prod"


def topic(name: str, service: str = DESK) -> PlannedResource:
    return named("pubsub/topic:Topic", f"{service}-{name}", service)


def subscription(name: str, service: str = DESK) -> PlannedResource:
    return named("pubsub/subscription:Subscription", f"{service}-{name}", service)


def granted(kind: str, of: str, service: str = DESK) -> set[str]:
    """Who may do what on a topic or subscription, but for Pub/Sub itself, whose account nobody knows yet."""
    found = set()
    for each in all_of(f":{kind}IAMMember", service):
        if each.inputs[kind.lower()] == f"{service}-{of}" and isinstance(each.inputs["member"], str):
            found.add(f"{each.inputs['member'].partition('@')[0].partition(':')[2]} {each.inputs['role']}")
    return found


def forwards(kind: str, of: str) -> list[str]:
    return [
        each.inputs["role"]
        for each in all_of(f":{kind}IAMMember", DESK)
        if each.inputs[kind.lower()] == f"{DESK}-{of}" and not isinstance(each.inputs["member"], str)
    ]


def told(workload: str, service: str) -> dict[str, Any]:
    deployment = named(":Rollout", f"{service}-{workload}", service)
    (container,) = deployment.inputs["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each.get("value") for each in container["env"]}


def test_the_services_workloads_publish_and_take_and_nobody_else_does() -> None:
    users = (f"{DESK}-mailer", f"{DESK}-web")
    assert granted("Topic", "orders-g1") == {f"{user} roles/pubsub.publisher" for user in users}
    assert granted("Topic", "mails-g1") == {f"{user} roles/pubsub.publisher" for user in users}
    assert granted("Subscription", "mails-g1") == {f"{user} roles/pubsub.subscriber" for user in users}
    assert granted("Topic", "mails-dead-g1") == granted("Subscription", "mails-dead-g1") == set()


def test_pubsub_itself_puts_what_fails_too_often_to_the_dead_letters() -> None:
    policy = subscription("mails-g1").inputs["deadLetterPolicy"]
    assert policy["maxDeliveryAttempts"] == 20
    assert urns(policy["deadLetterTopic"]) == [topic("mails-dead-g1").urn]
    assert forwards("Topic", "mails-dead-g1") == ["roles/pubsub.publisher"]
    assert forwards("Subscription", "mails-g1") == ["roles/pubsub.subscriber"]
    dead = subscription("mails-dead-g1").inputs
    assert (dead["messageRetentionDuration"], "deadLetterPolicy" in dead) == (f"{31 * 86400}s", False)


def test_a_subscription_never_ends_by_itself_and_a_message_has_time() -> None:
    for each in all_of("pubsub/subscription:Subscription", DESK):
        assert each.inputs["expirationPolicy"] == {"ttl": ""}
    mails = subscription("mails-g1").inputs
    assert (mails["ackDeadlineSeconds"], mails["messageRetentionDuration"]) == (300, f"{7 * 86400}s")
    assert mails["retryPolicy"] == {"minimumBackoff": "10s", "maximumBackoff": "600s"}


def test_messages_stay_in_the_environments_region() -> None:
    for each in all_of("pubsub/topic:Topic", DESK):
        assert each.inputs["messageStoragePolicy"]["allowedPersistenceRegions"] == ["us-east1"]
    assert topic("orders-g1").inputs["messageRetentionDuration"] == f"{31 * 86400}s"


def test_topics_and_subscriptions_have_all_three_guards_against_deletion() -> None:
    for kind in ("topic:Topic", "subscription:Subscription"):
        for each in all_of(f"pubsub/{kind}", DESK):
            assert each.options.protect
            assert each.inputs["deletionPolicy"] == "PREVENT"


def test_a_queue_hears_a_topic_of_its_service_once_that_is_there() -> None:
    heard = subscription("audit-g1")
    assert heard.inputs["topic"] == f"{PROJECT}/topics/{DESK}-orders-g1"
    assert heard.inputs["enableMessageOrdering"] is True
    assert not [each for each in all_of("pubsub/topic:Topic", DESK) if each.name == f"{DESK}-audit-g1"]
    by_urn = {each.urn: each for each in plan(DESK).resources}
    assert topic("orders-g1").urn in by_urn[heard.parent or ""].options.depends_on


def test_a_queue_hears_a_topic_of_another_service_and_may_not_publish_to_it() -> None:
    heard = subscription("incoming-g1", "order-book")
    assert heard.inputs["topic"] == f"{PROJECT}/topics/{DESK}-orders-g1"
    assert [each.name for each in all_of("pubsub/topic:Topic", "order-book")] == [
        "order-book-incoming-dead-g1"
    ]
    assert granted("Topic", "incoming-g1", "order-book") == set()


def test_workloads_are_told_where_to_publish_and_where_to_take_from() -> None:
    web = told("web", DESK)
    assert web["MAILS_TOPIC"] == f"{PROJECT}/topics/{DESK}-mails-g1"
    assert {"MAILS_SUBSCRIPTION", "ORDERS_TOPIC", "AUDIT_SUBSCRIPTION"} <= web.keys()
    assert not {"ORDERS_SUBSCRIPTION", "AUDIT_TOPIC"} & web.keys()
    called = [each.name for each in all_of(":FQDNNetworkPolicy", DESK)]
    assert f"{DESK}-pubsub.googleapis.com" in called


def test_pubsub_has_its_account_before_a_queue_names_it() -> None:
    foundation = recording("production")
    agents = [
        each.inputs["service"] for each in foundation.resources if each.type.endswith(":ServiceIdentity")
    ]
    assert "pubsub.googleapis.com" in agents
    assert "pubsub_agent" in foundation.outputs
