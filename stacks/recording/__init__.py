"""Runs a Pulumi program in this process and writes down what it asks for."""
