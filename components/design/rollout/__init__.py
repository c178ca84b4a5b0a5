"""How a new version comes to users step by step, and goes again by itself."""
