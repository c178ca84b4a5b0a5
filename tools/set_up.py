"""Set up `.venv` from `requirements.lock`: `python tools/set_up.py [VENV]`. Needs Python >= 3.11, no more.

Every file that is installed has a hash in the lock, uv itself included. uv does the work because it is
several times faster than pip; it reads none of pip's settings, so those about the index are handed over.
Where uv still fails (a keyring, a platform without a wheel of it), pip does the same work.
"""

import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"

# pip's setting -> uv's variable: https://docs.astral.sh/uv/reference/environment/
_UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def uv_environment(pip_settings: str, environment: Mapping[str, str]) -> dict[str, str]:
    """Return `environment` with pip's index settings as uv's variables; a variable already there wins.

    `pip_settings` is what `pip config list` prints: lines such as `global.index-url='https://…'`. As for pip,
    the environment's settings win over those for `pip install`, and these over the global ones.
    """
    # Every file has its hash in the lock, so it doesn't matter which of several indexes it comes from.
    translated = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for scope in ("global", "install", ":env:"):
        for name, value in re.findall(rf"^{scope}\.([a-z-]+)='(.*)'$", pip_settings, re.MULTILINE):
            if name in _UV_VARIABLES:
                separator = "," if name == "find-links" else " "
                translated[_UV_VARIABLES[name]] = separator.join(value.replace("\\n", " ").split())
    return {**translated, **environment}


def locked_requirement(lock: str, name: str) -> str:
    """Return the lines of `lock` that pin the package `name` with its hashes, or raise LookupError."""
    found = re.search(rf"^{re.escape(name)}==(?:.*\\\n)*.*", lock, re.MULTILINE)
    if found is None:
        raise LookupError(f"{LOCK.name} doesn't pin {name}")
    return found[0] + "\n"


def install_with_uv(python: Path, environment: Mapping[str, str]) -> None:
    """Install uv, then exactly the locked packages, then this project as an editable one.

    Raise CalledProcessError as soon as one of them fails.
    """
    with tempfile.TemporaryDirectory() as directory:
        requirement = Path(directory, "uv.txt")
        requirement.write_text(locked_requirement(LOCK.read_text(), "uv"))
        _run(
            python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirement, env=environment
        )
    settings = subprocess.run(
        [python, "-m", "pip", "config", "list"], env=environment, check=True, capture_output=True, text=True
    ).stdout
    uv = ("-m", "uv", "--quiet", "pip")
    env = uv_environment(settings, environment) | {"VIRTUAL_ENV": str(python.parent.parent)}
    _run(python, *uv, "sync", "--require-hashes", "--compile-bytecode", LOCK, env=env)
    _run(python, *uv, "install", "--no-deps", "--no-build-isolation", "--editable", ROOT, env=env)


def install_with_pip(python: Path, environment: Mapping[str, str]) -> None:
    """Install the locked packages and this project with pip alone. Raise CalledProcessError on failure."""
    pip = ("-m", "pip", "install", "--quiet")
    _run(python, *pip, "--require-hashes", "-r", LOCK, env=environment)
    _run(python, *pip, "--no-deps", "--no-build-isolation", "--editable", ROOT, env=environment)


def set_up(directory: Path, environment: Mapping[str, str]) -> None:
    """Make `directory` a virtual environment that holds what the lock says, or raise CalledProcessError."""
    python = directory / "bin" / "python"
    if not (directory / "bin" / "pip").exists():  # what venv makes last
        venv.create(directory, with_pip=True, symlinks=True)
    try:
        install_with_uv(python, environment)
    except subprocess.CalledProcessError:
        print("uv could not do it; again with pip, which takes longer", file=sys.stderr, flush=True)
        install_with_pip(python, environment)


def _run(python: Path, *arguments: str | Path, env: Mapping[str, str]) -> None:
    subprocess.run([python, *arguments], env=env, check=True)


if __name__ == "__main__":
    target = Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / ".venv").absolute()
    print(f"setting up {target.name} from {LOCK.name} (a minute or two, once)", flush=True)
    try:
        set_up(target, {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
    except subprocess.CalledProcessError as error:
        sys.exit(f"set-up failed: {' '.join(map(str, error.cmd))} (exit {error.returncode})")
