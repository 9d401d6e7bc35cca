# Stands in for buildpack-deps, which the full language images are built on: compilers and headers.
ARG PARENT
FROM ${PARENT}
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        ca-certificates curl g++ git libffi-dev libssl-dev make patch pkg-config procps python3 unzip wget xz-utils zlib1g-dev \
    && rm -rf /var/lib/apt/lists/*
