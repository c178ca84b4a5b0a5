# METADATA
# title: Whoever connects to a database verifies that it is the database
# description: >-
#   An encrypted connection to the wrong server is as good as none: a token that logs in, and all that is read
#   and written, go to whoever answers. Google's connectors and its Auth Proxy verify the server; no setting of
#   the server makes other clients do so, so only an instance that refuses those is surely verified.
# custom:
#   level: 3
#   severity: error
#   guards: [data]
#   stages: [plan]
#   message: "Database {store} also takes connections of clients that nothing makes verify it."
#   remediation: >-
#     Run on Kubernetes what connects to store {store} from machines: there Google's proxy connects for it, and
#     the database refuses all others. Until then have each of them verify the server, with
#     `sslmode=verify-ca` and the authority that `gcloud sql instances describe` shows.
#   references:
#     - https://cloud.google.com/sql/docs/postgres/language-connectors
#     - https://cloud.google.com/sql/docs/postgres/configure-ssl-instance
#     - https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-CERTIFICATES
package rules.security.database_server_is_verified

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some urn, instance in plan.resources_of("gcp:sql/databaseInstance:DatabaseInstance")
	not instance.inputs.settings.connectorEnforcement == "REQUIRED"
	not _asks_for_certificates(instance)
	finding := result.fail(
		rego.metadata.chain(),
		["plan", urn, "inputs", "settings", "connectorEnforcement"],
		{"store": instance.name},
	)
}

# Only connectors have one, unless somebody makes them.
_asks_for_certificates(instance) if {
	instance.inputs.settings.ipConfiguration.sslMode == "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
	count(plan.resources_of("gcp:sql/sslCert:SslCert")) == 0
}
