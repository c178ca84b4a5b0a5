"""What stands in DNS zones, for those who ask, and from and to zone files."""
