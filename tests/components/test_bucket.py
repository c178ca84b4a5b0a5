"""What a bucket is made of: closed, kept, and read by the service's own workloads."""

from tests.components.service_plans import all_of, named

ALBUM = "photo-album"
PHOTOS = "acme-subscriptions-prod-photo-album-photos-g1"
PREVIEWS = "acme-subscriptions-prod-photo-album-previews-g1"


def test_a_bucket_is_closed_to_everybody_who_is_not_granted_it() -> None:
    for bucket in all_of("storage/bucket:Bucket", ALBUM):
        assert bucket.inputs["publicAccessPrevention"] == "enforced"
        assert bucket.inputs["uniformBucketLevelAccess"] is True
    granted = {
        (each.inputs["member"].partition("@")[0], each.inputs["role"])
        for each in all_of(":BucketIAMMember", ALBUM)
    }
    assert granted == {
        ("serviceAccount:photo-album-web", "roles/storage.objectUser"),
        ("serviceAccount:photo-album-resize", "roles/storage.objectUser"),
    }


def test_a_bucket_has_all_three_guards_against_deletion() -> None:
    for bucket in all_of("storage/bucket:Bucket", ALBUM):
        assert bucket.options.protect
        assert bucket.inputs["deletionPolicy"] == "PREVENT"
        assert bucket.inputs["forceDestroy"] is False


def test_a_bucket_lies_in_the_environments_region_or_on_its_continent() -> None:
    assert named("storage/bucket:Bucket", PREVIEWS, ALBUM).inputs["location"] == "US-EAST1"
    assert named("storage/bucket:Bucket", PHOTOS, ALBUM).inputs["location"] == "US"


def test_what_is_deleted_or_overwritten_is_kept() -> None:
    photos = named("storage/bucket:Bucket", PHOTOS, ALBUM).inputs
    assert photos["retentionPolicy"] == {"retentionPeriod": "31536000", "isLocked": False}
    assert photos["versioning"] == {"enabled": False}
    assert photos["softDeletePolicy"] == {"retentionDurationSeconds": 30 * 86400}
    previews = named("storage/bucket:Bucket", PREVIEWS, ALBUM).inputs
    assert (previews["versioning"], "retentionPolicy" in previews) == ({"enabled": True}, False)


def test_objects_age_as_their_owner_says_and_leave_nothing_behind() -> None:
    def rules(name: str) -> list[tuple[str, dict[str, object]]]:
        found = named("storage/bucket:Bucket", name, ALBUM).inputs["lifecycleRules"]
        return [(rule["action"]["type"], rule["condition"]) for rule in found]

    aborted = ("AbortIncompleteMultipartUpload", {"age": 7})
    assert rules(PHOTOS) == [
        aborted,
        ("SetStorageClass", {"age": 90, "matchesStorageClasses": ["STANDARD"]}),
        ("Delete", {"age": 3650, "withState": "LIVE"}),
    ]
    assert rules(PREVIEWS) == [aborted, ("Delete", {"daysSinceNoncurrentTime": 1})]


def test_workloads_are_told_the_buckets_name_and_may_call_cloud_storage() -> None:
    for workload in ("web", "resize"):
        deployment = named(":Rollout", f"photo-album-{workload}", ALBUM)
        (container,) = deployment.inputs["spec"]["template"]["spec"]["containers"]
        told = {each["name"]: each.get("value") for each in container["env"]}
        assert (told["PHOTOS_BUCKET"], told["PREVIEWS_BUCKET"]) == (PHOTOS, PREVIEWS)
    called = [each.name for each in all_of(":FQDNNetworkPolicy", ALBUM)]
    assert "photo-album-storage.googleapis.com" in called
