"""Shows the way of a service to high availability, and walks it phase by phase."""
