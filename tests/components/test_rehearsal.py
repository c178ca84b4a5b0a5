"""A schedule's new image, which runs by another command before the schedule runs it."""

from catalog.document import Json
from stacks.plan import PlannedResource
from tests.components.service_plans import all_of, one, plan

SHAPE = "nightly-export"
TRIES = ["export", "--dry-run"]


def pod(resource: PlannedResource) -> Json:
    spec = resource.inputs["spec"]
    template = spec["template"] if resource.type.endswith(":Job") else spec["jobTemplate"]["spec"]["template"]
    found: Json = template["spec"]
    return found


def test_it_is_the_workload_itself_by_another_command() -> None:
    tried, schedule = pod(one(":Job", SHAPE)), pod(one(":CronJob", SHAPE))
    (it,), (schedules,) = tried["containers"], schedule["containers"]
    assert it == {**{key: value for key, value in schedules.items() if key != "args"}, "command": TRIES}
    assert tried["serviceAccountName"] == schedule["serviceAccountName"] == "export"


def test_it_is_another_job_for_each_image_and_is_not_tried_again() -> None:
    tried = one(":Job", SHAPE)
    assert tried.inputs["metadata"]["name"].startswith("rehearse-export-")
    assert tried.inputs["spec"]["backoffLimit"] == 0
    assert tried.inputs["spec"]["activeDeadlineSeconds"] == 7200
    assert tried.options.custom_timeouts == {"create": f"{7200 + 660}s"}


def test_the_schedule_keeps_its_image_until_it_has_succeeded() -> None:
    (above,) = [each for each in plan(SHAPE).resources if each.type == "pave:service:Schedule"]
    assert one(":CronJob", SHAPE).parent == above.urn  # which is registered when all that it needs is there
    assert one(":Job", SHAPE).urn in above.options.depends_on


def test_nobody_rehearses_who_is_not_asked_to() -> None:
    assert [each.name for each in all_of(":Job")] == ["customersdot-migrate-db"]
