"""Rollouts under way in words, and what a person has them do."""
