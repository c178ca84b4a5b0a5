"""What the patterns of the schemas ask for, in words: `Write …, like EXAMPLE`."""

from collections.abc import Mapping

_HOST = r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,}$"
_LABEL = r"[a-z0-9_](?:[-a-z0-9_]{0,61}[a-z0-9_])?"
_WITHIN = rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*|\*)$"

IMAGE_BY_DIGEST = (
    r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]{1,5}/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)?"
    r"(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?@sha256:[0-9a-f]{64}$"
)

PATTERN_RULES: Mapping[str, str] = {
    r"^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$": (
        "lower-case letters, digits and hyphens, at most 40, from a letter to a letter or digit"
    ),
    r"^[a-z](?:[-a-z0-9]{0,36}[a-z0-9])?$": (
        "lower-case letters, digits and hyphens, at most 38, from a letter to a letter or digit"
    ),
    r"^[a-z][-a-z0-9]{4,28}[a-z0-9]$": (
        "6 to 30 lower-case letters, digits and hyphens, from a letter to a letter or digit"
    ),
    r"^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?(?:\.[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?)?$": (
        "the name of an environment, and with a point that of an instance there"
    ),
    r"^gcp:[A-Za-z0-9]+/[A-Za-z0-9]+:[A-Za-z0-9]+$": "a resource type of Pulumi's Google Cloud provider",
    r"^[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z0-9_-]+)*$": "names of properties with points between",
    r"^[a-z]+-[a-z]+\d+$": "a region of Google Cloud",
    r"^[a-z]+-[a-z]+\d+-[a-z]$": "a zone of Google Cloud",
    r"^[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?$": (
        "lower-case letters, digits, `_` and hyphens, at most 60, from a letter or digit to one"
    ),
    rf"^{_HOST}": "a domain in lower case",
    r"^(?:[1-9][0-9]{0,4}|0) (?:8|10|13|14) (?:2 [0-9A-Fa-f]{64}|4 [0-9A-Fa-f]{96})$": (
        "a DS record: the key's tag, algorithm, type of digest and digest"
    ),
    rf"^(?:@|{_WITHIN}": "a name within the zone in lower case, without its domain; `@` is the domain itself",
    rf"^(?:{_WITHIN}": "a name within the zone in lower case, without its domain",
    r"^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$": "the name of a header or cookie, at most 64 characters",
    r"^[0-9a-fA-F:.]+/\d{1,3}$": "an address and how many of its bits count",
    rf"^[A-Za-z0-9._+-]+@{_HOST}": "an email address",
    r"^[^@\s]+@[^@\s]+$": "an email address",
    r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]{1,5})?(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+/?$": (
        "a registry and a path in it, in lower case"
    ),
    r"^[A-Z][A-Z0-9_]*$": "capitals, digits and `_`",
    r"^[0-9a-f]{64}$": "64 hexadecimal digits in lower case",
    r"^[a-z](?:[-a-z0-9]*[a-z0-9])?$": "lower-case letters, digits and hyphens, from a letter on",
    r"^[A-Z]{2}$": "two capitals of ISO 3166-1",
    r"^[a-z0-9-]+$": "lower-case letters, digits and hyphens",
    r"^db-[a-zA-Z0-9-]+$": "a tier of Cloud SQL",
    r"^db-perf-optimized-N-\d+$": "a tier of Cloud SQL Enterprise Plus",
    r"^(?:https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#]\S*)?|\.{1,2}/\S+|/[^\s/]\S*)$": (
        "an https address, or a path in the repository that begins with `/` or `./`"
    ),
    r"^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/api/v1/write$": (
        "an address that begins with https:// or http:// and ends with /api/v1/write"
    ),
    r"^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#]\S*)?$": "an address that begins with https:// or http://",
    IMAGE_BY_DIGEST: "an image and its digest",
    r"^\d{4}-\d{2}-\d{2}$": "a day as year-month-day",
    rf"^(?=.{{1,253}}$)(?!(?:.*\.)?xn--){_HOST}": "a host in lower case, without a scheme or a path",
    rf"^(\*\.)?{_HOST}": "a host in lower case, or `*.` and a domain",
    r"^(?:(?:\*\.)?(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]{2,}"
    r"|(?:\d{1,3}\.){3}\d{1,3}):[1-9]\d{0,4}$": (
        "a host in lower case, or an IPv4 address, `:` and a port, without a scheme"
    ),
    r"^/(?:[A-Za-z0-9._~@:%+,=-]+/)*(?:[A-Za-z0-9._~@:%+,=-]+|\*)?$": (
        "a path from `/`, where only its end may be `*`"
    ),
    r"^/[A-Za-z0-9._~@:%+,=/?&-]*$": "a path from `/`",
    r"\S[\s\S]*\S": "the reason in words",
    r"^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?::[0-9]{1,5}/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)?(?:/[a-z0-9]+("
    r"?:[._-]+[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(?:@sha256:[0-9a-f]{64})?$": (
        "an image's reference: its name in lower case, and `@sha256:` with 64 hexadecimal digits"
    ),
    r"^[A-Za-z_][A-Za-z0-9_]*$": "letters, digits and `_`, not a digit first",
    r"^(\S+ ){4}\S+$": "five fields with a blank between them: minute, hour, day, month, day of week",
    r"^[A-Z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}$": "a time zone of the IANA",
    r"^\d+(\.\d+)?$": "a version in digits, with quotes",
    r"^(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$": "a day as month-day, with quotes",
    r"^[a-zA-Z_:][a-zA-Z0-9_:]*$": "a metric of Prometheus: letters, digits, `_` and `:`, not a digit first",
    r"^[a-z0-9_-]{1,80}$": "lower-case letters, digits, `_` and hyphens, at most 80",
    r"^[A-Za-z0-9._-]{1,60}$": "letters, digits, `.`, `_` and hyphens, at most 60",
    r"^[a-z]+/[a-z0-9-]+$": "a rule's id",
    r"^(spec|metadata)[A-Za-z0-9.\[\]_-]*$": "a path into the file from `spec` or `metadata`",
    r"^(?!/tmp(/|$)|/(proc|sys|dev)(/|$))(/[A-Za-z0-9._-]+)+$": (
        "a path from `/`, and none in /tmp, /proc, /sys or /dev"
    ),
    r"^(?!/)[A-Za-z0-9._/-]+\.ya?ml$": "a YAML file, by its path from the catalog's root",
    "date": "a day that there is, as year-month-day",
}
"""By the pattern, or the format, as the schemas have it."""
