"""How often laws are tried on what chance makes: always where it counts, every fourth time every day.

`make test` is for every day; a pipeline says `make test LAWS=thorough`, as `.ci/run` does."""

from collections.abc import Collection

from hypothesis import HealthCheck, settings

THOROUGH = 100
"""The examples of a law that doesn't say how many it wants; Hypothesis' own default."""


def register_profiles() -> None:
    """Makes `everyday` the profile of this run, and `thorough` one for `--hypothesis-profile`. To be called
    before the first law is defined."""
    # Without a deadline: how fast a machine is, is no property of what is tested.
    settings.register_profile("everyday", deadline=None, max_examples=THOROUGH // 4)
    settings.register_profile("thorough", deadline=None, max_examples=THOROUGH)
    settings.load_profile("everyday")


def tries(thorough: int) -> int:
    """How often to try in this run what is tried `thorough` times in a thorough one: once at least."""
    return max(1, thorough * settings().max_examples // THOROUGH)


def law(thorough: int, without: Collection[HealthCheck] = ()) -> settings:
    """The settings of a law that is tried on `thorough` examples in a thorough run, `without` the checks of
    its health that it fails on purpose."""
    return settings(max_examples=tries(thorough), suppress_health_check=without)
