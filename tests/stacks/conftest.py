"""The recording that the recorder's tests look at."""

import pytest

from stacks.recording.model import Recording
from tests.stacks.recorded_shop import record_shop


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record_shop()
