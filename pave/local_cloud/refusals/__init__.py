"""What Google Cloud refuses: a module is a part of it."""
