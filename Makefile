SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory --no-builtin-rules

VENV := .venv
PY := $(VENV)/bin/python
OPA := .tools/opa
REGO := policies/main.rego policies/main_test.rego policies/lib policies/rules
READY := $(VENV)/.ready

# The first Python that can make a virtual environment and is new enough; PYTHON=… comes before all others.
FIND_PYTHON = for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; done
NO_PYTHON = pave needs Python 3.11 or newer with venv and pip; on Debian and Ubuntu: apt install python3-venv

# How many tests run at once, and how often laws are tried on what chance makes: everyday or thorough.
JOBS = auto
LAWS = everyday
# Bytecode is kept whatever the environment says: hundreds of processes would each compile the modules again.
PYTEST = PYTHONDONTWRITEBYTECODE= $(PY) -m pytest --hypothesis-profile=$(LAWS) -n $(JOBS)
# The marks of tests that need more than Python; pyproject.toml says what.
TOOLS = engine or opa or kubernetes or prometheus or rollouts or edge or rehearsal

# Builds what a test needs. A machine that can't skips the test, and says so; a pipeline fails.
PREPARE = $(PY) tools/$(if $(2),$(2),build).py $(1) || [ "$$CI" != true ]

.PHONY: help
help: ## show this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' Makefile

.PHONY: demo
demo: $(READY) ## set everything up, then show the main job on the shipped catalog
	@$(VENV)/bin/pave demo --up

.PHONY: test
test: $(READY) ## set everything up, then pass the tests that need nothing but Python
	@$(PYTEST) --dist worksteal -m "not ($(TOOLS))"

.PHONY: test-fast
test-fast: $(READY) ## of these, pass those that take less than a second each: a minute
	@$(PYTEST) --dist worksteal -m "not ($(TOOLS) or slow)"

.PHONY: test-engine
test-engine: $(READY) ## pass the tests that need Pulumi's engine or OPA (built at first: ten minutes)
	@$(call PREPARE,opa pulumi)
	@$(PYTEST) -m "engine or opa"

.PHONY: chaos
chaos: $(READY) ## kill at random whoever works on four stacks (KILLS=200 SEED=1): nothing may be lost
	@$(call PREPARE,pulumi)
	@$(PY) -m tests.engine.chaos $(or $(KILLS),200) $(or $(SEED),1)

.PHONY: chaos-migration
chaos-migration: $(READY) ## kill pave in each phase of a whole migration (KILLED_BY=16): half an hour
	@$(call PREPARE,pulumi)
	@$(PY) -m pytest -n 0 tests/engine/migration_chaos.py

.PHONY: test-kubernetes
test-kubernetes: $(READY) ## pass the tests that need a real Kubernetes API (built at first: fifteen minutes)
	@$(call PREPARE,etcd kube-apiserver kube-state-metrics)
	@$(PY) -m pytest -n 0 -m kubernetes tests/kubernetes

.PHONY: test-rollouts
test-rollouts: $(READY) ## pass the tests that need a control plane with Argo Rollouts (built at first: twenty minutes)
	@$(call PREPARE,etcd kube-apiserver kube-controller-manager kube-scheduler kwok rollouts-controller)
	@$(call PREPARE,prometheus,unpack)
	@$(PY) -m pytest -n 0 -m rollouts tests/rollouts

.PHONY: test-prometheus
test-prometheus: $(READY) ## pass the tests that need Prometheus' promtool (on Debian it is fetched)
	@$(call PREPARE,promtool amtool prometheus prometheus-blackbox-exporter haproxy,unpack)
	@$(call PREPARE,alertmanager sloth victoria-metrics vmauth vmctl prom-label-proxy)
	@$(PYTEST) -m prometheus tests/prometheus

.PHONY: test-edge
test-edge: $(READY) ## pass the tests that need the core rule set and BIND's named-checkzone (built and fetched)
	@$(call PREPARE,core-rules)
	@$(call PREPARE,named-checkzone,unpack)
	@$(PYTEST) -m edge tests/edge tests/zones

.PHONY: test-rehearsal
test-rehearsal: $(READY) ## pass the tests that need real PostgreSQL, Redis and HAProxy (on Debian they are fetched)
	@$(call PREPARE,postgres redis-server haproxy,unpack)
	@$(PY) -m pytest -n 0 -m rehearsal tests/rehearsal

.PHONY: rehearsal
rehearsal: $(READY) ## put PostgreSQL, Redis and HAProxy, for `pave migrate rehearse`, beside the other tools
	@$(PY) tools/unpack.py postgres redis-server haproxy

.PHONY: prometheus
prometheus: $(READY) ## put promtool, for `pave monitor test`, beside the other tools
	@$(PY) tools/unpack.py promtool

.PHONY: lint
lint: opa ## check style, types, imports and the rules
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pave.portal.reference check
	@ulimit -v 8000000 2>/dev/null; $(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-cache
	@$(OPA) fmt --fail --diff $(REGO)
	@$(OPA) check --strict --ignore '*.yaml' --ignore '*.json' $(REGO)
	@$(OPA) check --strict --ignore '*.yaml' --ignore '*.json' --ignore '*_test.rego' --schema policies/schema/input.schema.json $(REGO)

.PHONY: rego-test
rego-test: opa ## pass the rules' own tests
	@$(OPA) test --ignore '*.yaml' --ignore '*.json' $(REGO)

.PHONY: mutate
mutate: opa ## see whether the rules' tests notice a small mistake in a rule
	@$(PY) -m tools.mutate_rules

.PHONY: mutations
mutations: $(READY) ## check a hundred thousand specs that are changed at random
	@MUTATIONS=100000 $(PY) -m pytest -n auto tests/hostile/test_mutations.py

.PHONY: bench
bench: $(READY) ## measure pave against conftest, how often a verdict on a deploy is wrong, and look for slow tests
	@$(PY) tools/build.py conftest opa pulumi
	@$(PY) -m bench.run
	@$(call PREPARE,promtool prometheus,unpack)
	@$(PY) -m bench.watching
	@$(PY) -m bench.deploys --every 3
	@$(call PREPARE,core-rules)
	@$(PY) -m bench.edge
	@$(PY) -m bench.fast_tests

.PHONY: tools
tools: $(READY) ## build the pinned opa and pulumi (Go; ten minutes, once)
	@$(PY) tools/build.py opa pulumi

.PHONY: opa
opa: $(READY)
	@$(PY) tools/build.py opa

.PHONY: bundle
bundle: opa ## compile the rules into policies/bundle/
	@$(PY) -m policies.building build

.PHONY: lock
lock: $(READY) ## pin the newest versions that requirements.in allows
	@for folder in . tools/go; do \
		$(PY) -m uv --quiet pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
			--no-emit-index-url --no-annotate --custom-compile-command "make lock" \
			$$folder/requirements.in --output-file $$folder/requirements.lock; done

.PHONY: clean
clean: ## remove what set-up and tools made
	rm -rf $(VENV) .tools reports .hypothesis .*_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

.PHONY: set-up
set-up: $(READY) ## make .venv from requirements.lock

$(READY): requirements.lock pyproject.toml tools/set_up.py
	@$(FIND_PYTHON) || { echo "$(NO_PYTHON)" >&2; exit 1; }; $$python tools/set_up.py $(VENV)
	@touch $@
