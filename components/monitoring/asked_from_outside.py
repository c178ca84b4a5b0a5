"""What Google asks of a service from three continents, and who is told when it gets no answer."""

from collections.abc import Mapping

import pulumi
from pulumi_gcp import monitoring

from components.design.monitoring.model import Monitoring, Probe
from components.design.monitoring.uptime import FAILING, PERIOD_SECONDS, REGIONS, TIMEOUT_SECONDS
from components.paved import Paved

LOOK_BACK = "1200s"
"""With which Google's own policies on uptime checks compare:
https://cloud.google.com/monitoring/uptime-checks/uptime-alerting-policies."""


def ask_from_outside(
    design: Monitoring, project: str, labels: Mapping[str, str], opts: pulumi.ResourceOptions
) -> None:
    """Has a service asked where anything of it is to be."""
    if design.uptime:
        AskedFromOutside(design, project=project, labels=labels, opts=opts)


class AskedFromOutside(Paved, area="service"):
    """An uptime check for each journey that may be asked safely, and a policy that writes to the team when
    two continents get no answer. Unlike the unit, it goes on when the whole region is gone; it pages nobody,
    since the unit does."""

    def __init__(
        self,
        design: Monitoring,
        *,
        project: str,
        labels: Mapping[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(design.name, design.origin, opts)
        self._design, self._labels = design, labels
        channels = []
        if design.email is not None:
            channel = monitoring.NotificationChannel(
                design.name,
                display_name=f"{design.team}, of {design.name}",
                type="email",
                labels={"email_address": design.email},
                user_labels=labels,
                opts=self.child(),
            )
            channels.append(channel.id)
        for probe in design.uptime:
            check = self._check(probe, project)
            if channels:
                self._policy(probe, check, channels)
        self.register_outputs({"name": design.name})

    def _check(self, probe: Probe, project: str) -> monitoring.UptimeCheckConfig:
        passing = monitoring.UptimeCheckConfigHttpCheckAcceptedResponseStatusCodeArgs(
            status_class="STATUS_CLASS_2XX"
        )
        return monitoring.UptimeCheckConfig(
            probe.resource,
            display_name=probe.resource,
            period=f"{PERIOD_SECONDS}s",
            timeout=f"{TIMEOUT_SECONDS}s",
            selected_regions=list(REGIONS),
            monitored_resource=monitoring.UptimeCheckConfigMonitoredResourceArgs(
                type="uptime_url", labels={"host": probe.host, "project_id": project}
            ),
            http_check=monitoring.UptimeCheckConfigHttpCheckArgs(
                path=probe.path,
                port=443,
                use_ssl=True,
                validate_ssl=True,
                request_method="GET",
                accepted_response_status_codes=[passing],
            ),
            user_labels=self._labels,
            opts=self.child(),
        )

    def _policy(
        self,
        probe: Probe,
        check: monitoring.UptimeCheckConfig,
        channels: list[pulumi.Output[str]],
    ) -> None:
        monitoring.AlertPolicy(
            probe.resource,
            display_name=f"{probe.title} gets no answer from outside ({self._design.name})",
            combiner="OR",
            enabled=True,
            severity="CRITICAL",
            conditions=[
                monitoring.AlertPolicyConditionArgs(
                    display_name=f"https://{probe.host}{probe.path} fails from {FAILING} continents",
                    condition_threshold=monitoring.AlertPolicyConditionConditionThresholdArgs(
                        filter=pulumi.Output.concat(
                            'metric.type="monitoring.googleapis.com/uptime_check/check_passed"'
                            ' AND resource.type="uptime_url" AND metric.label.check_id="',
                            check.uptime_check_id,
                            '"',
                        ),
                        comparison="COMPARISON_GT",
                        threshold_value=FAILING - 1,
                        duration=f"{PERIOD_SECONDS}s",
                        aggregations=[
                            monitoring.AlertPolicyConditionConditionThresholdAggregationArgs(
                                alignment_period=LOOK_BACK,
                                per_series_aligner="ALIGN_NEXT_OLDER",
                                cross_series_reducer="REDUCE_COUNT_FALSE",
                                group_by_fields=["resource.label.*"],
                            )
                        ],
                    ),
                )
            ],
            notification_channels=channels,
            user_labels=self._labels,
            opts=self.child(),
        )
