"""The gate inside of `pulumi up`: nothing is registered that the rules don't allow."""
