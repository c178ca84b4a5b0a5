"""Who makes the tables of a database, and that the others may use them and make none."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from catalog.kinds.service import Service, service_at
from catalog.loader import load
from components.design.migrations import job_name
from components.design.model import Design
from components.design.service import designed
from components.design.stores.database import DatabaseDesign

SERVERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
"""Where Debian puts PostgreSQL: https://packages.debian.org/stable/postgresql."""


@pytest.fixture(scope="module")
def design() -> Design:
    catalog = load(Path(__file__).parents[2] / "catalog")
    service = service_at(catalog, "customersdot", "production")
    assert isinstance(service, Service)
    return designed(catalog, service)


def database(design: Design) -> DatabaseDesign:
    store = design.stores[0]
    assert isinstance(store, DatabaseDesign)
    return store


def test_a_migration_runs_like_the_workload_that_brings_it_as_somebody_else(design: Design) -> None:
    (migration,) = design.migrations
    web = next(each for each in design.workloads if each.name == "web")
    assert (migration.run.image, migration.run.environment) == (web.image, web.environment)
    assert migration.run.command == ["bundle", "exec", "rails", "db:migrate"]
    assert migration.run.account == "customersdot-migrate-db" != web.account
    assert migration.roles == ["cloudsqlsuperuser"]
    assert "web" in next(each for each in design.secrets if each.name == "secret-key-base").readers
    assert "migrate-db" in next(each for each in design.secrets if each.name == "secret-key-base").readers


def test_each_version_migrates_once(design: Design) -> None:
    run = design.migrations[0].run
    assert job_name(run) == design.migrations[0].job
    for change in ({"image": "other"}, {"command": ["other"]}):
        assert job_name(msgspec.structs.replace(run, **change)) != design.migrations[0].job


def test_only_a_migration_has_roles_and_all_others_are_granted_the_rows(design: Design) -> None:
    said = design.migrations[0].grants
    for account in design.accounts:
        granted = f'"{account.email.removesuffix(".gserviceaccount.com")}"' in said
        assert granted == (account.account_id != "customersdot-migrate-db")


def test_the_audit_s_extension_is_made_where_there_is_an_audit(design: Design) -> None:
    store = database(design)
    plain = msgspec.structs.replace(store, settings=[])
    assert "CREATE EXTENSION IF NOT EXISTS pgaudit" in store.grants([])
    assert "pgaudit" not in plain.grants([])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """A PostgreSQL with a database as Cloud SQL makes one: how to ask it, but for who asks."""
    if not SERVERS:
        pytest.skip("no PostgreSQL in /usr/lib/postgresql")
    folder = tmp_path_factory.mktemp("pg")
    own = folder / "sockets"
    own.mkdir()
    before: list[str] = []
    if os.geteuid() == 0:  # as which it doesn't start
        before = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        for each in (folder, *folder.parents[:3]):
            each.chmod(0o755)
        for each in (folder, own):
            shutil.chown(each, "postgres", "postgres")
    data = str(folder / "data")
    initdb, control = str(SERVERS[-1] / "initdb"), str(SERVERS[-1] / "pg_ctl")
    subprocess.run([*before, initdb, "-D", data, "-A", "trust", "-U", "postgres"], check=True, cwd=own)
    options = f"-k {own} -c listen_addresses=''"
    log = str(folder / "log")
    subprocess.run([*before, control, "-D", data, "-o", options, "-l", log, "-w", "start"], check=True)
    yield [str(SERVERS[-1] / "psql"), "-h", str(own), "-v", "ON_ERROR_STOP=1", "-qtA"]
    subprocess.run([*before, control, "-D", data, "-m", "immediate", "stop"], check=True)


def ask(server: list[str], user: str, database: str, *said: str) -> str:
    """What the database answers; the complaint when it refuses."""
    commands = [part for each in said for part in ("-c", each)]
    done = subprocess.run(
        [*server, "-U", user, "-d", database, *commands], capture_output=True, text=True, check=False
    )
    return (done.stdout or done.stderr).strip()


@pytest.mark.slow
def test_workloads_use_the_tables_that_the_migration_makes_and_make_none(
    server: list[str], design: Design
) -> None:
    migration, web, jobs = (
        "customersdot-migrate-db@p.iam",
        "customersdot-web@p.iam",
        "customersdot-jobs@p.iam",
    )
    ask(server, "postgres", "postgres", "CREATE ROLE cloudsqlsuperuser CREATEROLE CREATEDB")
    for user in (migration, web, jobs):
        ask(server, "postgres", "postgres", f'CREATE ROLE "{user}" LOGIN')
    ask(server, "postgres", "postgres", f'GRANT cloudsqlsuperuser TO "{migration}"')
    ask(server, "postgres", "postgres", "CREATE DATABASE customersdot OWNER cloudsqlsuperuser")
    assert "permission denied for schema public" in ask(server, web, "customersdot", "CREATE TABLE a (x int)")
    plain = msgspec.structs.replace(database(design), settings=[])  # pgAudit is Google's to install
    for table in ("one", "two"):  # twice, as with every version
        ask(server, migration, "customersdot", *plain.grants([web, jobs]).split(";\n")[:-1])
        ask(server, migration, "customersdot", f"CREATE TABLE {table} (id serial, x int)")
    assert ask(server, web, "customersdot", "INSERT INTO two (x) VALUES (7)", "SELECT x FROM two") == "7"
    assert ask(server, jobs, "customersdot", "UPDATE two SET x = 8", "SELECT id, x FROM two") == "1|8"
    owner = ask(server, web, "customersdot", "SELECT tableowner FROM pg_tables WHERE tablename = 'two'")
    assert owner == "customersdot_owner"
    assert "permission denied for schema public" in ask(server, web, "customersdot", "CREATE TABLE a (x int)")
    assert "must be owner" in ask(server, web, "customersdot", "DROP TABLE two")
