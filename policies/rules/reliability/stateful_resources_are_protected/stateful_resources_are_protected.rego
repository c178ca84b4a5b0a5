# METADATA
# title: What can't be made again is protected
# description: >-
#   One wrong line in a program turns an update into a replacement, and a database is gone with all orders.
#   Three locks stand in the way: the engine's, the provider's and the cloud's own.
# custom:
#   level: 1
#   severity: error
#   waivable: false
#   stages: [spec, plan]
#   message: "{resource} in production can be deleted: {lock} is missing."
#   remediation: "Set `protected: true` for environment {environment}, or take the line out: it is the default."
#   references:
#     - https://www.pulumi.com/docs/iac/concepts/options/protect/
#     - https://cloud.google.com/sql/docs/postgres/deletion-protection
package rules.reliability.stateful_resources_are_protected

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	_is_production
	not _environment.spec.protected
	finding := result.fail(
		rego.metadata.chain(),
		["environment", "spec", "protected"],
		object.union(_params("What is stateful", "`protected`"), {"expected": true}),
	)
}

deny contains finding if {
	_is_production
	some type, locks in _locks
	some urn, resource in plan.resources_of(type)
	not _is_leaving(resource)
	some path in array.concat(locks, [["options", "protect"], ["options", "retainOnDelete"]])
	not plan.value(resource, path) == object.get(_locked_by, path[count(path) - 1], true)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", urn], path),
		_params(resource.name, path[count(path) - 1]),
	)
}

_environment := input.spec.environment

_is_production if _environment.spec.purpose == "production"

# What its owner says is about to be taken out for good, in a phase before the one that does.
_is_leaving(resource) if {
	some name in _leaving
	resource.name == name
}

_is_leaving(resource) if {
	some name in _leaving
	startswith(resource.name, concat("", [name, "-"]))
}

_leaving contains element.resource if {
	some element in array.concat(input.spec.design.stores, input.spec.design.secrets)
	not element.protected
}

_leaving contains name if {
	some machine in input.spec.design.machines
	not machine.protected
	some name in machine.instanceNames
}

_params(resource, lock) := {"resource": resource, "lock": lock, "environment": _environment.metadata.name}

# What a lock says that holds, where that isn't `true`.
_locked_by := {"deletionPolicy": "PREVENT"}

# Besides Pulumi's own two, the locks that a provider has for a type.
_locks := {
	"gcp:compute/address:Address": [],
	"gcp:compute/globalAddress:GlobalAddress": [],
	"gcp:compute/instance:Instance": [["inputs", "deletionProtection"]],
	"gcp:compute/network:Network": [],
	"gcp:compute/subnetwork:Subnetwork": [],
	"gcp:container/cluster:Cluster": [["inputs", "deletionProtection"]],
	"gcp:dns/managedZone:ManagedZone": [],
	"gcp:kms/cryptoKey:CryptoKey": [],
	"gcp:kms/keyRing:KeyRing": [],
	"gcp:memorystore/instance:Instance": [["inputs", "deletionProtectionEnabled"]],
	"gcp:networkconnectivity/serviceConnectionPolicy:ServiceConnectionPolicy": [],
	"gcp:pubsub/subscription:Subscription": [["inputs", "deletionPolicy"]],
	"gcp:pubsub/topic:Topic": [["inputs", "deletionPolicy"]],
	"gcp:redis/instance:Instance": [["inputs", "deletionProtection"]],
	"gcp:secretmanager/secret:Secret": [["inputs", "deletionProtection"]],
	"gcp:servicenetworking/connection:Connection": [],
	"gcp:sql/database:Database": [],
	"gcp:sql/databaseInstance:DatabaseInstance": [
		["inputs", "deletionProtection"],
		["inputs", "settings", "deletionProtectionEnabled"],
	],
	"gcp:storage/bucket:Bucket": [["inputs", "deletionPolicy"]],
	"kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": [],
	"kubernetes:apps/v1:StatefulSet": [],
	"kubernetes:operator.victoriametrics.com/v1beta1:VMCluster": [],
}
