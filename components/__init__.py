"""The components: idiomatic Pulumi resources built from a design, without decisions of their own."""
