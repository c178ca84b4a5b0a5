# METADATA
# title: Images come from our registries
# description: >-
#   An image from elsewhere was not built, scanned or signed by us, and can vanish or change its owner on
#   the day a copy has to be replaced. A mirror in our registry does not. One image is excepted: Google's Auth
#   Proxy, which stands beside workloads that have a database, and that only by its digest.
# custom:
#   level: 3
#   severity: error
#   guards: [public, data, sign-in, payment]
#   stages: [spec, plan]
#   message: "Workload {workload} runs {image}, which is not from a registry that {environment} allows."
#   remediation: "Copy the image into one of {registries} and write that `image` for workload {workload}."
#   references:
#     - https://docs.cloud.google.com/architecture/framework/security/implement-shift-left-security
#     - https://cloud.google.com/binary-authorization/docs/overview
#     - https://github.com/GoogleCloudPlatform/cloud-sql-proxy#container-images
package rules.security.images_come_from_our_registries

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	workload.image != null
	not _is_ours(workload.image)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "image"],
		{
			"workload": workload.name,
			"image": workload.image,
			"environment": input.spec.environment.metadata.name,
			"registries": concat(", ", _registries),
		},
	)
}

deny contains finding if {
	some i, workload in input.spec.service.spec.workloads
	some j, helper in workload.helpers
	not helper.image in {null, workload.image} # the workload's own is judged there
	not _is_ours(helper.image)
	not _is_googles_proxy(helper.image)
	finding := result.fail(
		rego.metadata.chain(),
		["service", "spec", "workloads", i, "helpers", j, "image"],
		{
			"workload": concat("/", [workload.name, helper.name]),
			"image": helper.image,
			"environment": input.spec.environment.metadata.name,
			"registries": concat(", ", _registries),
		},
	)
}

deny contains finding if {
	some type, pods in plan.pods_at
	some urn, resource in plan.resources_of(type)
	some at, image in _images(resource, pods)
	not _is_ours(image)
	not _is_googles_proxy(image)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", urn], at),
		{
			"workload": resource.name,
			"image": _shown(image),
			"environment": input.spec.environment.metadata.name,
			"registries": concat(", ", _registries),
		},
	)
}

# An operator is told of images and makes the pods itself.
deny contains finding if {
	some urn, resource in plan.by_urn
	startswith(resource.type, "kubernetes:operator.victoriametrics.com/")
	walk(resource.inputs.spec, [at, image])
	is_string(image.repository)
	not _is_ours(image.repository)
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", urn, "inputs", "spec"], at),
		{
			"workload": resource.name,
			"image": image.repository,
			"environment": input.spec.environment.metadata.name,
			"registries": concat(", ", _registries),
		},
	)
}

# By the paths of their fields, or of what isn't known above them.
_images(resource, pods) := object.union(
	{array.concat(pods, [kind, i, "image"]): object.get(container, "image", "none") |
		some kind in _kinds
		some i, container in plan.value(resource, array.concat(pods, [kind]))
		not plan.is_unknown_at(resource, array.concat(pods, [kind]))
	},
	{at: {} |
		some kind in _kinds
		at := array.concat(pods, [kind])
		plan.is_unknown_at(resource, at)
	},
)

_kinds := ["initContainers", "containers"]

_shown(image) := image if is_string(image)

_shown(image) := "an image that isn't known yet" if not is_string(image)

_registries := input.spec.environment.spec.imageRegistries

# Without the slash, `registry/acme` would allow `registry/acme-imitation`.
_is_ours(image) if {
	some registry in _registries
	startswith(image, concat("", [trim_suffix(registry, "/"), "/"]))
}

_is_googles_proxy(image) if {
	startswith(image, "gcr.io/cloud-sql-connectors/cloud-sql-proxy:")
	contains(image, "@sha256:")
}
