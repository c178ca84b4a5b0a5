"""The engines that evaluate rules: the compiled ones in this process, or an OPA server."""
