# Stands in for golang: Debian's Go, from its backports, where the official image has it. Without a module proxy.
ARG PARENT
FROM ${PARENT}
ARG VERSION
RUN release=$(. /etc/os-release && echo "$VERSION_CODENAME") \
    && sed "s/ ${release} / ${release}-backports /" /etc/apt/sources.list > /etc/apt/sources.list.d/backports.list \
    && apt-get update \
    && apt-get install -y --no-install-recommends "golang-${VERSION}-go" \
    && rm -rf /var/lib/apt/lists/* /etc/apt/sources.list.d/backports.list \
    && ln -s "/usr/lib/go-${VERSION}" /usr/local/go \
    && mkdir -p /go/src /go/bin \
    && chmod -R 1777 /go
ENV GOLANG_VERSION=${VERSION} GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
WORKDIR /go
