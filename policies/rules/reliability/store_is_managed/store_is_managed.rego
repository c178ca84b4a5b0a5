# METADATA
# title: Stores are managed
# description: >-
#   A store on the application's machine goes when the machine goes, and takes along what it holds: sessions,
#   and the queue of jobs that were promised to customers. CustomersDot's machine failed in 2021.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "Store {store} runs on a virtual machine, without standby, backups or patches."
#   remediation: "Set `runtime: managed` on store {store}, in a migration of its own."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/reliability/build-highly-available-systems
#     - https://gitlab.com/gitlab-com/gl-infra/production/-/issues/5143
package rules.reliability.store_is_managed

import data.lib.result

deny contains finding if {
	some i, store in input.spec.service.spec.stores
	store.runtime == "vm"
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "stores", i, "runtime"],
		{"store": store.name, "expected": "managed"},
	)
}
