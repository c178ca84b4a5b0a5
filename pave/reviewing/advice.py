"""What a person can do about a provider's error, for the known ones. Pure."""

import re

_EXISTS = (
    "It exists, and this stack's state doesn't know it: somebody made it by hand, or another stack did. Look"
    " whose it is: its label `stack` names its stack. `pave recover STACK --adopt NAME` takes in only what is"
    " proven to be this one's. What is another's stays: rename yours. If nobody uses it, delete it."
)
_FOREVER = (
    "Google never frees the name of a key ring, or of a key in one. Where the state that knew it is gone for"
    " good, count `spec.cluster.keyGeneration` of the environment up: another key then begins. Else bring"
    " that state back."
)
_QUOTA = "Ask for more on https://console.cloud.google.com/iam-admin/quotas, or for less in the spec."
_BUSY = "Something else is changing it. Wait until that is over, and run it again."
_AGAIN = "It was tried several times. Wait a few minutes, and run it again."
_GOES_ON = (
    "What was begun goes on in the cloud. Wait until it is done there; the next `pave up` looks for it."
)
_GONE = "The provider ended in the middle. The next `pave up` looks for what it had begun."
_RIGHT = "Whoever runs this lacks the right that the message names."

_API = (
    "Its API is off in that project. `pave preflight STACK` says which, and how it is enabled; that takes a"
    " few minutes to be heard of everywhere. Then run it again."
)

_IMAGE = "Push that image, or name one in the spec that is there: `pave preflight STACK` looks for each."

ADVICE = (
    (r"ImagePullBackOff|ErrImagePull", _IMAGE),
    (r"SERVICE_DISABLED|accessNotConfigured|has not been used in project", _API),
    (r"/keyRings/\S+ already exists", _FOREVER),
    (r"already ?exists|Error 409.*exist", _EXISTS),
    (r"quota", _QUOTA),
    (r"Error (?:429|50[0234])|rateLimitExceeded|backendError", _AGAIN),
    (r"Error 409|in progress|busy", _BUSY),
    (r"timeout|deadline ?exceeded", _GOES_ON),
    (
        r"provider is gone|connection (?:refused|reset)|reading from server|transport is closing|\bEOF\b",
        _GONE,
    ),
    (r"Error 40[13]|permission", _RIGHT),
)
"""The first that an error matches counts. The codes are Google's:
https://cloud.google.com/apis/design/errors."""


def advice(error: str) -> str:
    """What to do about an error; empty for one that isn't known."""
    return next((words for pattern, words in ADVICE if re.search(pattern, error, re.IGNORECASE)), "")
