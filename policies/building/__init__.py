"""Compiles rules with OPA, the shipped ones and an organisation's own."""
