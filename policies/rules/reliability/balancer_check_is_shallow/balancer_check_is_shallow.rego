# METADATA
# title: The load balancer's check asks a copy about itself only
# description: >-
#   What a health check asks for is down for every copy at once. When it asks for the database, a failover of a
#   minute leaves the load balancer no copy in any zone: not even a page that says so is answered.
# custom:
#   level: 2
#   severity: error
#   stages: [plan]
#   message: "The load balancer asks workload {workload} at {path}, which tests {checks} as well."
#   remediation: "Give workload {workload} a `liveness.path` of its own that touches nothing else."
#   references:
#     - https://cloud.google.com/load-balancing/docs/health-check-concepts
#     - https://aws.amazon.com/builders-library/implementing-health-checks/
package rules.reliability.balancer_check_is_shallow

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some check in plan.resources_of("gcp:compute/healthCheck:HealthCheck")
	some workload in _asked(plan.value(check, _name))
	_may_ask_for(check, workload.readiness.path)
	finding := result.fail(rego.metadata.chain(), plan.place(check, _path, [_name]), {
		"workload": workload.name,
		"path": workload.readiness.path,
		"checks": concat(", ", workload.readiness.checks),
	})
}

# Those that a check of that name may be for, of which readiness tests more than the copy.
_asked(name) := _testing[name] if not plan.is_unknown(name)

_asked(name) := {workload | some workload in _testing[_]} if plan.is_unknown(name)

_testing[workload.resource] contains workload if {
	some workload in input.spec.design.workloads
	count(workload.readiness.checks) > 0
}

_may_ask_for(check, path) if plan.value(check, _path) == path

_may_ask_for(check, _) if plan.is_unknown_at(check, _path)

_name := ["inputs", "name"]

_path := ["inputs", "httpHealthCheck", "requestPath"]
