# METADATA
# title: Connections to stores are encrypted, and asked who they are
# description: >-
#   On a shared network, credentials and customers' data in clear text are there to be copied. A Redis
#   without AUTH also gives every session to whoever reaches it.
# custom:
#   level: 1
#   severity: error
#   stages: [spec, plan]
#   message: "Store {store} takes connections without {lacks}."
#   remediation: "Set `{field}: {wanted}` on store {store}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-zero-trust
#     - https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
#     - https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption
package rules.security.connections_are_encrypted

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.encryption != "required"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "encryption"],
		{"store": store.name, "lacks": "encryption", "field": "encryption", "wanted": "required", "expected": "required"},
	)
}

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.family == "cache"
	not store.authentication
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "authentication"],
		{"store": store.name, "lacks": "authentication", "field": "authentication", "wanted": true, "expected": true},
	)
}

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	not instance.inputs.settings.ipConfiguration.sslMode in _encrypted
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "settings", "ipConfiguration", "sslMode"],
		{"store": instance.name, "lacks": "encryption", "field": "encryption", "wanted": "required"},
	)
}

deny contains finding if {
	some [type, input_field, wanted, field] in _caches
	some urn, instance in plan.resources_of(type)
	not plan.value(instance, ["inputs", input_field]) == wanted
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", input_field],
		{"store": instance.name, "lacks": field, "field": field, "wanted": _wanted[field]},
	)
}

_wanted := {"encryption": "required", "authentication": true}

_caches := [
	["gcp:redis/instance:Instance", "transitEncryptionMode", "SERVER_AUTHENTICATION", "encryption"],
	["gcp:redis/instance:Instance", "authEnabled", true, "authentication"],
	["gcp:memorystore/instance:Instance", "transitEncryptionMode", "SERVER_AUTHENTICATION", "encryption"],
	["gcp:memorystore/instance:Instance", "authorizationMode", "IAM_AUTH", "authentication"],
]

_encrypted := {"ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"}
