"""What watches an environment, and goes on when the global stack is gone."""

import pulumi
from pulumi_kubernetes.core.v1 import ContainerArgs

from components.design.unit.gateway import tenancy_arguments
from components.design.unit.model import TENANCY, Process, UnitDesign
from components.paved import Paved
from components.unit.catch_up import CaughtUp
from components.unit.closed_namespace import NOBODY, READER, STATE_READER, ClosedNamespace
from components.unit.collector import collector
from components.unit.pods import COLLECTED
from components.unit.process import UnitProcess
from components.unit.told_by import ToldBy
from components.workloads.confinement import exactly, without_privileges


class ObservabilityUnit(Paved, area="unit"):
    """A pair of Prometheus, three Alertmanagers, probes, dashboards and the gateway for those who read from
    outside, and who evaluates beside it led to its Alertmanagers. Needs the provider `kubernetes` of the
    environment's cluster in `opts`, and no cloud's."""

    def __init__(self, design: UnitDesign, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(design.name, design.origin, opts)
        self._design = design
        namespace = ClosedNamespace(design, self.child())
        self._namespace = namespace
        self._run(design.prometheus, READER, [*self._collecting(design)])
        alertmanager = self._run(design.alertmanager, NOBODY)
        self._run(design.probes, NOBODY)
        self._run(design.gateway, NOBODY, [_tenancy(design)])
        pages = COLLECTED[design.dashboards.name]
        if design.state is not None:
            self._run(design.state, STATE_READER)
        if design.evaluator is not None:
            after = self.child(depends_on=[alertmanager])
            ToldBy(design.evaluator, design.name, labels=design.labels, opts=after)
        self._run(design.dashboards, READER, [collector(design.collector, "dashboards", pages, reload=None)])
        if design.catch_up is not None:
            CaughtUp(
                design.catch_up,
                unit=design.name,
                namespace=design.namespace,
                account=NOBODY,
                labels=design.labels,
                opts=self.child(depends_on=[namespace]),
            )
        self.register_outputs({})

    def _collecting(self, design: UnitDesign) -> list[ContainerArgs]:
        folder, reload = COLLECTED[design.prometheus.name], "http://127.0.0.1:9090/-/reload"
        return [
            collector(design.collector, what, f"{folder}/{what}", reload=reload)
            for what in ("rules", "probes")
        ]

    def _run(self, process: Process, account: str, beside: list[ContainerArgs] | None = None) -> UnitProcess:
        design = self._design
        return UnitProcess(
            process,
            unit=design.name,
            namespace=design.namespace,
            account=account,
            labels=design.labels,
            beside=beside or [],
            protected=design.protected,
            opts=self.child(depends_on=[self._namespace]),
        )


def _tenancy(design: UnitDesign) -> ContainerArgs:
    return ContainerArgs(
        name="tenancy",
        image=design.tenancy,
        args=tenancy_arguments(design.name),
        resources=exactly(*TENANCY),
        security_context=without_privileges(),
    )
