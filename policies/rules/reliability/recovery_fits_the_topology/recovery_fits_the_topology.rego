# METADATA
# title: What is promised for a disaster is what the topology gives
# description: >-
#   A number of minutes brings nothing back. A standby does, within about a minute and without loss; the
#   transaction log, up to 5 minutes short when its database is gone; a backup, up to 28 hours old. When the
#   region is lost only backups are left. A time that nobody measured is asked for by recovery-is-tested.
# custom:
#   level: 2
#   severity: error
#   stages: [spec]
#   message: "After the loss of {loss} store {store} {gives} (by {means}); {promised} is promised."
#   remediation: >-
#     Give store {store} what the promise needs (a database `availability: regional`, `backup.enabled: true`,
#     `backup.pointInTime: true`, a bucket `location: multi-region`), or promise in `recovery` what it gives.
#   references:
#     - https://cloud.google.com/sql/docs/postgres/high-availability
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr
#     - https://cloud.google.com/sql/docs/postgres/backup-recovery/backups
#     - https://cloud.google.com/architecture/dr-scenarios-planning-guide
package rules.reliability.recovery_fits_the_topology

import data.lib.result

deny contains finding if {
	some store in input.spec.design.stores
	some recovery in store.recoveries
	some objective, minutes in _promised
	gives := _shortfall(objective, minutes, recovery)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "recovery", objective],
		{
			"store": store.name,
			"loss": recovery.loss,
			"means": recovery.means,
			"gives": gives,
			"promised": concat("", ["`", objective, ": ", format_int(minutes, 10), "`"]),
		},
	)
}

_promised[objective] := minutes if {
	some objective in ["rtoMinutes", "rpoMinutes"]
	minutes := input.spec.service.spec.recovery[objective]
	minutes != null
}

_shortfall(_, _, recovery) := "never comes back" if recovery.means == "nothing"

_shortfall("rtoMinutes", minutes, recovery) := _text("comes back after", recovery.rtoMinutes) if {
	recovery.rtoMinutes > minutes
	recovery.rtoMinutes != null
}

_shortfall("rpoMinutes", minutes, recovery) := _text("may miss its last", recovery.rpoMinutes) if {
	recovery.rpoMinutes > minutes
	recovery.rpoMinutes != null
}

_text(words, minutes) := concat(" ", [words, format_int(minutes, 10), "min"])
