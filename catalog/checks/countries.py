"""Countries and regions that a firewall may ask for."""

from collections.abc import Iterator

from catalog.document import Json
from catalog.problem import Wrong
from catalog.yaml.parsed import Pointer

CODES = frozenset(
    (
        *("AD", "AE", "AF", "AG", "AI", "AL", "AM", "AO", "AQ", "AR", "AS", "AT", "AU", "AW"),
        *("AX", "AZ", "BA", "BB", "BD", "BE", "BF", "BG", "BH", "BI", "BJ", "BL", "BM", "BN"),
        *("BO", "BQ", "BR", "BS", "BT", "BV", "BW", "BY", "BZ", "CA", "CC", "CD", "CF", "CG"),
        *("CH", "CI", "CK", "CL", "CM", "CN", "CO", "CR", "CU", "CV", "CW", "CX", "CY", "CZ"),
        *("DE", "DJ", "DK", "DM", "DO", "DZ", "EC", "EE", "EG", "EH", "ER", "ES", "ET", "FI"),
        *("FJ", "FK", "FM", "FO", "FR", "GA", "GB", "GD", "GE", "GF", "GG", "GH", "GI", "GL"),
        *("GM", "GN", "GP", "GQ", "GR", "GS", "GT", "GU", "GW", "GY", "HK", "HM", "HN", "HR"),
        *("HT", "HU", "ID", "IE", "IL", "IM", "IN", "IO", "IQ", "IR", "IS", "IT", "JE", "JM"),
        *("JO", "JP", "KE", "KG", "KH", "KI", "KM", "KN", "KP", "KR", "KW", "KY", "KZ", "LA"),
        *("LB", "LC", "LI", "LK", "LR", "LS", "LT", "LU", "LV", "LY", "MA", "MC", "MD", "ME"),
        *("MF", "MG", "MH", "MK", "ML", "MM", "MN", "MO", "MP", "MQ", "MR", "MS", "MT", "MU"),
        *("MV", "MW", "MX", "MY", "MZ", "NA", "NC", "NE", "NF", "NG", "NI", "NL", "NO", "NP"),
        *("NR", "NU", "NZ", "OM", "PA", "PE", "PF", "PG", "PH", "PK", "PL", "PM", "PN", "PR"),
        *("PS", "PT", "PW", "PY", "QA", "RE", "RO", "RS", "RU", "RW", "SA", "SB", "SC", "SD"),
        *("SE", "SG", "SH", "SI", "SJ", "SK", "SL", "SM", "SN", "SO", "SR", "SS", "ST", "SV"),
        *("SX", "SY", "SZ", "TC", "TD", "TF", "TG", "TH", "TJ", "TK", "TL", "TM", "TN", "TO"),
        *("TR", "TT", "TV", "TW", "TZ", "UA", "UG", "UM", "US", "UY", "UZ", "VA", "VC", "VE"),
        *("VG", "VI", "VN", "VU", "WF", "WS", "YE", "YT", "ZA", "ZM", "ZW"),
    )
)
"""ISO 3166-1, as https://www.iso.org/iso-3166-country-codes.html has them."""

MEANT = {"UK": "GB", "EL": "GR", "EU": "each of its countries"}

RULE = "catalog/country"


def unknown_countries(merged: Json) -> Iterator[Wrong]:
    """Codes of no country in a schema-valid, merged service, and any behind a proxy, whose own country is all
    that Google sees."""
    edge = merged["spec"].get("edge", {})
    at: Pointer = ("spec", "edge", "waf", "regions")
    said = edge.get("waf", {}).get("regions", {})
    proxy = edge.get("proxy", "none")
    if said and proxy != "none":
        what = f"Behind {proxy} (`edge.proxy`) Google sees from where the proxy asks, and not its clients."
        yield at, RULE, what, f"Refuse countries at {proxy}, or remove `edge.proxy`."
    for field, codes in said.items():
        for index, code in enumerate(codes):
            if code not in CODES:
                meant = MEANT.get(code, "two letters of ISO 3166-1, like DE")
                yield (*at, field, index), RULE, f"`{code}` is no country of ISO 3166-1.", f"Write {meant}."
