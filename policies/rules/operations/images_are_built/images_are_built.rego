# METADATA
# title: Images are built before they are applied
# description: >-
#   A digest of zeros stands for an image that nobody has built yet, and copies of it never start: an update
#   waits for them and fails. Where the pipeline owns the image, a workload that is made, or made anew, starts
#   with this one all the same.
# custom:
#   level: 1
#   severity: error
#   stages: [plan]
#   message: "{resource} would run an image that nobody has built: its digest is all zeros."
#   remediation: >-
#     Build the image, push it, and write the digest that your registry prints into the workload's `image`;
#     where the pipeline owns the image, that of any version that starts.
#   references:
#     - https://kubernetes.io/docs/concepts/containers/images/#imagepullbackoff
#     - https://cloud.google.com/kubernetes-engine/docs/concepts/about-container-images
package rules.operations.images_are_built

import rego.v2

import data.lib.plan
import data.lib.result

deny contains finding if {
	some type, pods in plan.pods_at
	some urn, resource in plan.resources_of(type)
	some containers in ["initContainers", "containers"]
	some image in _images(resource, array.concat(pods, [containers]))
	not _is_built(plan.value(resource, image))
	finding := result.fail(
		rego.metadata.chain(),
		array.concat(["plan", urn], image),
		{"resource": resource.name},
	)
}

# Where the images stand; if not even that is known, where that will stand.
_images(resource, containers) := {containers} if plan.is_unknown_at(resource, containers)

_images(resource, containers) := {array.concat(containers, [i, "image"]) |
	some i, _ in plan.value(resource, containers)
} if {
	not plan.is_unknown_at(resource, containers)
}

_is_built(image) if {
	is_string(image)
	not regex.match(`@sha256:0+$`, image)
}

# Where each type says what its pods are.
