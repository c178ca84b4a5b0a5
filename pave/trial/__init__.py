"""Trying a service's images on one's own machine, told and held to what the cluster would."""
