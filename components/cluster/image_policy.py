"""Which images a cluster runs."""

import pulumi
from pulumi_gcp import binaryauthorization

from components.design.foundation.model import ImagePolicyDesign
from components.paved import Paved


class ImagePolicy(Paved, area="foundation"):
    """Binary Authorization refuses every image from elsewhere; GKE's own are exempt.

    https://cloud.google.com/binary-authorization/docs/key-concepts"""

    def __init__(self, design: ImagePolicyDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(design.resource, design.origin, opts)
        binaryauthorization.Policy(
            design.resource,
            admission_whitelist_patterns=[
                binaryauthorization.PolicyAdmissionWhitelistPatternArgs(name_pattern=pattern)
                for pattern in design.patterns
            ],
            default_admission_rule=binaryauthorization.PolicyDefaultAdmissionRuleArgs(
                evaluation_mode="ALWAYS_DENY", enforcement_mode="ENFORCED_BLOCK_AND_AUDIT_LOG"
            ),
            global_policy_evaluation_mode="ENABLE",
            opts=self.child(),
        )
        self.register_outputs({})
