# METADATA
# title: What is promised is measured
# description: >-
#   An objective in a file pages nobody. For each journey and each job there has to be an alert among the
#   rules that the plan brings to Prometheus, on a series that something really counts.
# custom:
#   level: 2
#   severity: warning
#   stages: [plan]
#   message: "No alert in the plan tells when {what}."
#   remediation: "`pave monitor show {service}` says why nothing measures {subject}, and what would."
#   references:
#     - https://sre.google/workbook/alerting-on-slos/
#     - https://cloud.google.com/stackdriver/docs/managed-prometheus/rules-managed
package rules.operations.promises_are_measured

import rego.v2

import data.lib.alerting
import data.lib.plan
import data.lib.result

deny contains finding if {
	some urn, backend in plan.resources_of("gcp:compute/backendService:BackendService")
	some endpoint in _endpoints[backend.name]
	endpoint.weight > 0
	faults := [fault |
		some kind, fault in {"availability": "fails", "latency": "is slow"}
		not _told[concat("-", [endpoint.name, kind])]
	]
	count(faults) > 0
	what := concat(" ", ["journey", endpoint.name, concat(" or ", faults)])
	finding := _finding(urn, what, endpoint.name)
}

deny contains finding if {
	some type, _ in plan.pods_at
	some urn, running in plan.resources_of(type)
	some workload in _workloads[running.name]
	not _told[workload]
	untold := sort([job |
		some job in _jobs[workload]
		not _told[job]
	])
	count(untold) > 0
	finding := _finding(urn, concat(" ", ["job", concat(" or ", untold), "fails"]), workload)
}

_endpoints[endpoint.resource] contains endpoint if some endpoint in input.spec.design.endpoints

_workloads[workload.resource] contains workload.name if some workload in input.spec.design.workloads

_jobs[job.workload] contains job.name if some job in input.spec.service.spec.jobs

_finding(urn, what, subject) := result.fail(rego.metadata.chain(), ["plan", urn], {
	"what": what,
	"subject": subject,
	"service": input.spec.service.metadata.name,
}) if {
	not alerting.is_open
}

_finding(urn, what, subject) := result.undecided(rego.metadata.chain(), ["plan", urn], {
	"what": what,
	"subject": subject,
	"service": input.spec.service.metadata.name,
}) if {
	alerting.is_open
}

# What alerts of the plan are about: a subject, or one side of a promise. That a new version of a workload was
# stopped tells nothing of what the one that runs keeps.
_told contains rule.labels[name] if {
	some [_, rule] in alerting.rules
	rule.alert
	not _is_about_a_version(rule.labels)
	some name in ["subject", "sli"]
}

_is_about_a_version(labels) if startswith(labels.alert_class, "rollout-")
