"""Changes to documents: as data, and in the owner's own text without touching a byte beside them."""
