"""The way into a unit: who may ask, and what.

HAProxy (https://docs.haproxy.org/2.6/configuration.html) lets an address range through to the paths of
queries and to nothing else; behind it prom-label-proxy adds the unit's own environment to each selector
(https://github.com/prometheus-community/prom-label-proxy), and refuses one that asks for another."""

from collections.abc import Sequence

from components.design.unit.names import PROMETHEUS, address

PORT = 8080
TENANCY_PORT = 9095
CONFIG = "/usr/local/etc/haproxy"

PATHS = ("/api/v1/query", "/api/v1/query_range", "/api/v1/query_exemplars")
"""What may be asked: no administration, no writing, no reading of what others sent."""


def configuration(readers: Sequence[str]) -> str:
    """The gateway's configuration. Without readers, nobody is let through."""
    allowed = f"acl reader src {' '.join(readers)}" if readers else "acl reader always_false"
    paths = " ".join(PATHS)
    return f"""global
  maxconn 1000
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout http-request 5s
frontend queries
  bind :{PORT}
  {allowed}
  acl query path {paths}
  acl asks method GET POST
  http-request return status 200 content-type text/plain string ok if {{ path /healthz }}
  http-request deny deny_status 403 unless reader
  http-request deny deny_status 404 unless query
  http-request deny deny_status 405 unless asks
  default_backend unit
backend unit
  server tenancy 127.0.0.1:{TENANCY_PORT}
"""


def tenancy_arguments(environment: str) -> list[str]:
    """How prom-label-proxy is started, beside the gateway and for nobody else."""
    return [
        f"--insecure-listen-address=127.0.0.1:{TENANCY_PORT}",
        f"--upstream=http://{address(PROMETHEUS)}:9090",
        "--label=environment",
        f"--label-value={environment}",
        "--error-on-replace",
    ]
