# Stands in for python and python:…-slim: Debian's Python as a virtual environment in /usr/local, so that
# programs and packages lie where the official image has them.
ARG PARENT
FROM ${PARENT}
ARG PACKAGES
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates python3 python3-venv ${PACKAGES} \
    && rm -rf /var/lib/apt/lists/* \
    && python3 -m venv --system-site-packages /usr/local
# Debian 12 has Python 3.11: for other versions only the names are there.
ARG VERSION
RUN test "${VERSION}" = 3.11 \
    || { ln -s python3.11 "/usr/local/lib/python${VERSION}" && ln -s python3 "/usr/local/bin/python${VERSION}"; }
# Where the wheels of the proof are served.
COPY pip.conf /etc/pip.conf
ENV LANG=C.UTF-8 PYTHON_VERSION=${VERSION}
CMD ["python3"]
