"""Rollouts as a cluster has them: read, and told what was decided about them."""
