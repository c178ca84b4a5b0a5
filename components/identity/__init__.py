"""Who acts, what is secret, and who did what."""
