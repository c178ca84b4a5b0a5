"""Types of Cloud Monitoring, whose ids the cloud makes up."""

from stacks.providers.row import GOOGLE, ResourceType

_SERVICE = f"{GOOGLE}google/services/monitoring/resource_monitoring_"

UPTIME_CHECK = "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig"
ALERT_POLICY = "gcp:monitoring/alertPolicy:AlertPolicy"
CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel"

MONITORING: dict[str, ResourceType] = {
    ALERT_POLICY: ResourceType(
        f"{_SERVICE}alert_policy.go",
        "projects/{project}/alertPolicies/{number}",
        ("displayName", "combiner", "conditions"),
        ("project",),
    ),
    CHANNEL: ResourceType(
        f"{_SERVICE}notification_channel.go",
        "projects/{project}/notificationChannels/{number}",
        ("type",),
        ("project",),
    ),
    UPTIME_CHECK: ResourceType(
        f"{_SERVICE}uptime_check_config.go",
        "projects/{project}/uptimeCheckConfigs/{number}",
        ("displayName", "timeout"),
        ("project", "checkerType", "monitoredResource"),
    ),
}
