# Stands in for distroless: no shell, no package manager; certificates, users and, for `base`, the C library.
ARG PARENT
FROM ${PARENT} AS files
ARG LIBRARIES
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata
WORKDIR /root-folder
RUN mkdir -p etc/ssl/certs home/nonroot tmp usr/share \
    && chmod 1777 tmp \
    && chown 65532:65532 home/nonroot \
    && chmod 700 home/nonroot \
    && printf '%s\n' root:x:0:0:root:/root:/sbin/nologin nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin > etc/passwd \
    && printf '%s\n' root:x:0: nobody:x:65534: tty:x:5: staff:x:50: nonroot:x:65532: > etc/group \
    && cp /etc/ssl/certs/ca-certificates.crt etc/ssl/certs/ \
    && cp -a /usr/share/zoneinfo usr/share/ \
    && cp --parents /etc/os-release . \
    && for library in ${LIBRARIES}; do cp --parents --dereference "$library" .; done

FROM scratch
COPY --from=files /root-folder /
ARG USER_ID
ARG FOLDER
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER ${USER_ID}
WORKDIR ${FOLDER}
