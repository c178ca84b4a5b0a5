# syntax=docker/dockerfile:1
# pave with all that it takes to reach Google Cloud, for pipelines and for repositories that hold only specs:
#
#   docker build --tag registry.example.com/acme/pave:1.0.0 .
#   docker run --rm --read-only --tmpfs /tmp --tmpfs /home/app --volume "$PWD:/repository" IMAGE pave check
#
# This project's pipeline has no Docker and doesn't build it; tests/house/test_image.py reads it.

# By digest in an organisation's own build: --build-arg PYTHON=python:3.11-slim-bookworm@sha256:…
ARG PYTHON=python:3.11-slim-bookworm

FROM ${PYTHON} AS pulumi
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates curl \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /download
# As in tools/pulumi/go.mod. The archive has to have the digest that its release states, and this one if given.
ARG PULUMI_VERSION=3.258.0
ARG PULUMI_SHA256=
RUN case "$(dpkg --print-architecture)" in amd64) machine=x64 ;; *) machine="$(dpkg --print-architecture)" ;; esac \
 && archive="pulumi-v${PULUMI_VERSION}-linux-${machine}.tar.gz" \
 && release="https://github.com/pulumi/pulumi/releases/download/v${PULUMI_VERSION}" \
 && curl --proto =https --fail --silent --show-error --location \
      --remote-name "${release}/${archive}" --output sums "${release}/pulumi-${PULUMI_VERSION}-checksums.txt" \
 && grep --fixed-strings --line-regexp "$(sha256sum "${archive}")" sums \
 && if [ -n "${PULUMI_SHA256}" ]; then echo "${PULUMI_SHA256}  ${archive}" | sha256sum --check --strict; fi \
 && mkdir /opt/pulumi \
 && tar --extract --gzip --file "${archive}" --strip-components 1 --directory /opt/pulumi
# The providers in the versions of our SDKs, on PATH: there the engine finds them without a home to write to.
COPY requirements.lock .
ARG GCP_SHA256=
ARG KUBERNETES_SHA256=
RUN version() { sed --quiet "s/^pulumi-$1==\([0-9.]*\).*/\1/p" requirements.lock; } \
 && /opt/pulumi/pulumi plugin install resource gcp "v$(version gcp)" \
      ${GCP_SHA256:+--checksum "${GCP_SHA256}"} \
 && /opt/pulumi/pulumi plugin install resource kubernetes "v$(version kubernetes)" \
      ${KUBERNETES_SHA256:+--checksum "${KUBERNETES_SHA256}"} \
 && mv ~/.pulumi/plugins/*/pulumi-resource-* /opt/pulumi/
# OPA compiles an organisation's own rules; the shipped ones need none. As in policies/rule.py.
ARG OPA_VERSION=1.22.0
ARG OPA_SHA256=
RUN opa="opa_linux_$(dpkg --print-architecture)_static" \
 && release="https://github.com/open-policy-agent/opa/releases/download/v${OPA_VERSION}" \
 && curl --proto =https --fail --silent --show-error --location \
      --remote-name "${release}/${opa}" --output opa.sha256 "${release}/${opa}.sha256" \
 && grep --fixed-strings "$(sha256sum "${opa}" | cut --delimiter ' ' --fields 1)" opa.sha256 \
 && if [ -n "${OPA_SHA256}" ]; then echo "${OPA_SHA256}  ${opa}" | sha256sum --check --strict; fi \
 && install --mode 0755 "${opa}" /opt/pulumi/opa

FROM ${PYTHON}
# git for earlier revisions, make for repositories that bring their own pave, the plugin for clusters (it needs
# Google's own command line, of which it is a package): all signed by their repositories' keys.
ADD --chmod=0644 https://packages.cloud.google.com/apt/doc/apt-key.gpg /etc/apt/keyrings/google.asc
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates git make \
 && echo "deb [signed-by=/etc/apt/keyrings/google.asc] https://packages.cloud.google.com/apt cloud-sdk main" \
      > /etc/apt/sources.list.d/google-cloud-sdk.list \
 && apt-get update \
 && apt-get install --yes --no-install-recommends google-cloud-cli google-cloud-cli-gke-gcloud-auth-plugin \
 && rm -rf /var/lib/apt/lists/* \
 # A runner checks out as another user than this image's; git would read nothing of it.
 && git config --system --add safe.directory '*' \
 && useradd --uid 10001 --user-group --create-home --home-dir /home/app --shell /bin/bash app
COPY --from=pulumi /opt/pulumi /opt/pulumi
WORKDIR /opt/pave
COPY . .
# Every package by its hash, as on everybody's machine; compiled, since nobody can write here later.
RUN python tools/set_up.py .venv && python -m compileall -q catalog components pave policies stacks
ENV PATH=/opt/pave/.venv/bin:/opt/pulumi:$PATH PYTHONDONTWRITEBYTECODE=1 PULUMI_SKIP_UPDATE_CHECK=true
USER 10001:10001
WORKDIR /repository
CMD ["pave", "--help"]
