"""How long something lasts, in words."""

DAY = 24 * 60
LONGEST = 120
"""Minutes up to which people count in minutes."""


def lasting(minutes: int) -> str:
    """`90 minutes`, `2 hours 5 minutes`, `1 day 14 hours 5 minutes`; parts that are 0 are left out."""
    if minutes <= LONGEST:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    parts = ((minutes // DAY, "day"), (minutes % DAY // 60, "hour"), (minutes % 60, "minute"))
    return " ".join(f"{number} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number)
