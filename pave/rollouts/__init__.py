"""Rollouts under way: what a cluster says of them, and what a person has them do."""
