"""Characters that a reader does not see, or that make the rest look like something else."""

import re

HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
"""Controls but for tabs and line breaks, marks and overrides of direction, and what has no width
(https://www.unicode.org/reports/tr36/)."""
