"""The way from the internet to a service: names, certificates, load balancing, firewall rules."""
