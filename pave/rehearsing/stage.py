"""What a rehearsal plays on: the service as it is today, small, in real parts.

A machine with a web server, a worker and a clock; a Redis and a PostgreSQL with no standby. What moves put
beside them has its place here, and is empty at first: two copies in a cluster, another Redis, a standby."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from pave.rehearsing.app.settings import CopySettings, Role
from pave.rehearsing.cache import LiveRedis
from pave.rehearsing.copies import AppCopies
from pave.rehearsing.database import LiveDatabase, caught_up, wait_for
from pave.rehearsing.front import Front
from pave.rehearsing.load import Load
from pave.rehearsing.programs import NEEDED, free_port, listens, program, until

MACHINE = "machine"
CLUSTER = ("cluster-1", "cluster-2")
WEB = (MACHINE, *CLUSTER)
VENDOR = "vendor"

SOURCES = {MACHINE: "127.0.0.1", **dict.fromkeys(CLUSTER, "127.0.0.2")}
"""The addresses that the vendor is called from: all of 127.0.0.0/8 is this machine."""


class PassageCut(Exception):
    """pave was cut off between two steps of a passage."""


class RehearsalStage:
    """The parts, all running; `primary` is the database that takes writes, `standby` the one that follows
    it, None without. `rate` is orders a second, `tick` seconds between two runs of the schedule. What is to
    be ended is left with `ends`. After `cut_after` steps pave is cut off, None: never; each step looks at
    what is so, so that the same passage goes on from there."""

    def __init__(self, folder: Path, rate: float, tick: float, ends: ExitStack) -> None:
        self.folder, self.tick, self._ends = folder, tick, ends
        self.cut_after: int | None = None
        self.primary = self._database("db_a")
        self.spare = self._database("db_b")
        self.standby: LiveDatabase | None = None
        self.primary.fill()
        self._made = 0
        self.caches: list[LiveRedis] = []
        self.add_cache()
        self.enqueue, self.take = 0, [0]
        self._ports = {name: free_port() for name in WEB}
        databases = {each.name: each.port for each in (self.primary, self.spare)}
        self.front = Front(folder, self._ports, databases)
        self._ends.callback(self.front.end)
        self.front.lead_to(self.primary.name)
        self.copies = AppCopies(folder)
        self._ends.callback(self.copies.end_all)
        self._ports[VENDOR] = free_port()
        self.start_vendor()
        self.let_in_at_vendor(SOURCES[MACHINE])
        self.weights = {MACHINE: 100}
        self.earlier_weights: list[dict[str, int]] = []
        for role in ("web", "worker", "clock"):
            self.start(role, MACHINE)
        self.front.weigh(self.weights)
        self.load = Load(self.front.web, rate)
        self._ends.callback(self.load.end)

    def start(self, role: Role, where: str) -> None:
        """Starts a copy at a place, as things are now, and waits until it is well. Nothing where it is so."""
        self._step()
        take = tuple(self.caches[each].port for each in self.take)
        settings = CopySettings(
            role,
            where if role == "web" else f"{role}-{where}",
            self.front.database,
            self._ports[where],
            self.caches[self.enqueue].port,
            take,
            self.tick,
            self._ports[VENDOR],
            SOURCES[where],
        )
        if self.copies.runs(settings.name) and self.copies.settings(settings.name) == settings:
            return
        self.copies.start(settings)
        if role == "web":
            until(lambda: listens(settings.listen), f"{where} answers")
            self.front.let_in(where)
            until(lambda: self.front.serves(where), f"{where} is found well")

    def end(self, role: Role, where: str) -> None:
        """Ends a copy at a place: first no new user comes, then it ends what it has begun."""
        self._step()
        if role == "web":
            self.front.drain(where)
            until(lambda: self.front.busy(where) == 0, f"{where} is idle")
        self.copies.end(where if role == "web" else f"{role}-{where}")

    def restart(self, role: Role) -> None:
        """Starts the copies of a role anew, one after the other, with how things are now."""
        for where in WEB:
            name = where if role == "web" else f"{role}-{where}"
            if self.copies.runs(name):
                self._restart(role, where)

    def start_vendor(self) -> None:
        """Starts the vendor, which knows what it has charged and whom it lets in."""
        ledger = str(self.folder / "ledger")
        port = self._ports[VENDOR]
        self.copies.start(CopySettings("vendor", VENDOR, 0, port, 0, (), self.tick, ledger=ledger))
        until(lambda: listens(port), "the vendor answers")

    def let_in_at_vendor(self, address: str, *, is_let_in: bool = True) -> None:
        """Puts an address onto the vendor's list, or takes it away."""
        self._step()
        with closing(HTTPConnection("127.0.0.1", self._ports[VENDOR], timeout=5)) as vendor:
            vendor.request("PUT" if is_let_in else "DELETE", f"/allowed/{address}")
            vendor.getresponse().read()

    def _step(self) -> None:
        """A place between two steps, at which pave may be cut off. Raises PassageCut."""
        if self.cut_after is None:
            return
        if self.cut_after == 0:
            self.cut_after = None
            raise PassageCut
        self.cut_after -= 1

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """One step, whatever it is made of."""
        self._step()
        kept, self.cut_after = self.cut_after, None
        try:
            yield
        finally:
            self.cut_after = kept

    def _restart(self, role: Role, where: str) -> None:
        with self._whole():
            self._restart_whole(role, where)

    def _restart_whole(self, role: Role, where: str) -> None:
        alone = role == "web" and not any(
            self.copies.runs(each) and self.weights.get(each) for each in WEB if each != where
        )
        if alone:
            # On one machine a server is restarted by handing over its port: another answers meanwhile.
            self._hand_over(where)
            return
        self.end(role, where)
        self.start(role, where)

    def _hand_over(self, where: str) -> None:
        other = next(each for each in WEB if not self.copies.runs(each))
        self.start("web", other)
        self.front.weigh({other: 100})
        self.end("web", where)
        self.start("web", where)
        self.front.weigh(self.weights)
        self.end("web", other)

    def weigh(self, weights: dict[str, int]) -> None:
        """Leads users to copies by their weights."""
        self._step()
        self.weights = weights
        self.front.weigh(weights)

    def add_cache(self) -> None:
        """Puts another Redis beside the last."""
        self._step()
        self._made += 1
        self.caches.append(self._cache(f"redis-{self._made}"))

    def remove_cache(self) -> None:
        """Takes the last Redis away."""
        self._step()
        self.caches.pop().end()

    def end_old_cache(self) -> None:
        """Lets workers take jobs only from the Redis that they go to, and ends the one before it."""
        if self.enqueue > 0:
            self.take = [self.enqueue]
            self.restart("worker")
            self.caches[self.enqueue - 1].end()

    def is_done_with_jobs(self) -> bool:
        """Whether no job waits, or is in a worker's hand, in any Redis that still runs."""
        return all(each.left() == 0 for each in self.caches if each.runs)

    def add_standby(self) -> None:
        """Copies the primary while it is in use, and from then on acknowledges only what both have. Nothing
        where that is so."""
        self._step()
        if self.standby is not None:
            return
        self.spare.copy(self.primary)
        self.standby = self.spare
        self.guard()

    def guard(self) -> None:
        """Acknowledges only what the standby has, too."""
        assert self.standby is not None
        wait_for(self.standby, self.primary, "async")
        self.primary.set(synchronous_standby_names=self.standby.name)
        wait_for(self.standby, self.primary, "sync")

    def remove_standby(self) -> None:
        """Waits for the standby no longer, and deletes it."""
        self._step()
        self.primary.set(synchronous_standby_names="")
        if self.standby is not None:
            self.standby.discard()
        self.standby = None
        until(self._slots_are_idle, "the standby has gone")
        self.primary.forget_followers()

    def _slots_are_idle(self) -> bool:
        return self.primary.ask("SELECT count(*) FROM pg_replication_slots WHERE active") == (0,)

    def restart_database(self) -> None:
        """Restarts the primary: connections are cut."""
        self._step()
        self.primary.stop()
        self.primary.start()

    def switch_over(self) -> None:
        """The standby takes over in order, once it has everything, and the former primary follows it."""
        self._step()
        standby, former = self.standby, self.primary
        assert standby is not None
        wait_for(standby, former, "sync")  # it may come back from a restart just now
        self.wait_until_caught_up()
        self.front.lead_to(None)
        former.stop()
        self._take_over(standby)
        former.follow(standby)
        self.spare = self.standby = former
        self.guard()

    def add_generation(self) -> None:
        """Puts another database beside the primary: the same tables, and nothing in them."""
        self._step()
        self.spare.discard()
        self.spare.fill()

    def remove_generation(self) -> None:
        """Takes the database beside the primary away, if it isn't the standby."""
        if self.standby is None:
            self.spare.discard()

    def copy_to_generation(self) -> None:
        """Copies the primary's rows to the database beside it, and all that is written meanwhile."""
        self.spare.copy_rows(self.primary, whole=True)
        until(self.spare.copies_rows, f"The rows of {self.primary.name} are copied")

    def change_generation(self) -> None:
        """Stops writes, waits for the last of them, and lets everybody write to the database beside; from
        then on it is copied back."""
        self._step()
        new, old = self.spare, self.primary
        self.front.lead_to(None)
        until(lambda: new.has_rows_of(old), f"{new.name} has all rows")
        new.copy_no_more()
        old.copy_rows(new, whole=False)
        self.primary, self.spare = new, old
        self.front.lead_to(new.name)

    def fail_over(self) -> None:
        """The standby takes over from a primary that has gone, as its keeper has it do; another standby is
        made."""
        standby, former = self.standby, self.primary
        assert standby is not None
        self._take_over(standby)
        self.spare = former
        self.standby = None
        self.add_standby()

    def wait_until_caught_up(self) -> None:
        """Waits until the standby has all that the primary has written."""
        standby = self.standby
        assert standby is not None
        until(lambda: caught_up(standby, self.primary), f"{standby.name} has caught up")

    def _take_over(self, standby: LiveDatabase) -> None:
        standby.promote()
        standby.set(synchronous_standby_names="")
        self.primary = standby
        self.front.lead_to(standby.name)
        standby.forget_followers()

    def _database(self, name: str) -> LiveDatabase:
        made = LiveDatabase(name, self.folder)
        self._ends.callback(made.stop)
        return made

    def _cache(self, name: str) -> LiveRedis:
        made = LiveRedis(name, self.folder)
        self._ends.callback(made.end)
        return made


@contextmanager
def stage(rate: float, tick: float) -> Iterator[RehearsalStage]:
    """A stage in a folder that is deleted afterwards. Raises Refused where a program lacks, and NotRehearsed
    where one fails."""
    for name in NEEDED:
        program(name)
    with tempfile.TemporaryDirectory(prefix="pave-rehearsal-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)  # the database may run as another user
        with ExitStack() as ends:
            yield RehearsalStage(folder, rate, tick, ends)
