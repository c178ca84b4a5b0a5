"""YAML as the catalog reads it: the core schema without surprises, and the position of every part."""
