"""Types of Certificate Manager and Cloud DNS."""

from stacks.providers.row import GOOGLE, ResourceType

ZONE = "gcp:dns/managedZone:ManagedZone"
RECORD = "gcp:dns/recordSet:RecordSet"
MAP_ENTRY = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"
MAP = "gcp:certificatemanager/certificateMap:CertificateMap"


def _certificate(name: str, where: str, required: str, immutable: str) -> ResourceType:
    """The row of `resource_certificate_manager_<name>.go`; the names of inputs are separated by blanks."""
    return ResourceType(
        f"{GOOGLE}google/services/certificatemanager/resource_certificate_manager_{name}.go",
        f"projects/{{project}}/locations/global/{where}/{{name}}",
        ("name", *required.split()),
        ("name", "project", *immutable.split()),
    )


EDGE: dict[str, ResourceType] = {
    "gcp:certificatemanager/certificate:Certificate": _certificate(
        "certificate", "certificates", "", "location managed.dnsAuthorizations managed.domains scope"
    ),
    MAP: _certificate("certificate_map", "certificateMaps", "", ""),
    MAP_ENTRY: ResourceType(
        f"{GOOGLE}google/services/certificatemanager/resource_certificate_manager_certificate_map_entry.go",
        "projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}",
        ("name", "map", "certificates"),
        ("name", "project", "map", "hostname", "matcher"),
        needs={"map": MAP},
    ),
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": _certificate(
        "dns_authorization", "dnsAuthorizations", "domain", "domain location type"
    ),
    ZONE: ResourceType(
        f"{GOOGLE}google/services/dns/resource_dns_managed_zone.go",
        "projects/{project}/managedZones/{name}",
        ("name", "dnsName"),
        ("name", "project", "dnsName", "visibility"),
        data="its records, also those that nobody here made",
        identity="its name servers, which the registrar knows, and its DNSSEC keys",
    ),
    RECORD: ResourceType(
        f"{GOOGLE}google/services/dns/resource_dns_record_set.go",
        "projects/{project}/managedZones/{managedZone}/rrsets/{name}/{type}",
        ("name", "managedZone", "type"),
        ("name", "project", "managedZone"),
        needs={"managedZone": ZONE},
    ),
}
