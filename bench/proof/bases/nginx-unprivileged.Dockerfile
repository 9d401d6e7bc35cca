# Stands in for nginxinc/nginx-unprivileged:…-alpine-slim: nginx, a small shell, nothing else; a plain user, port 8080.
# Debian's nginx and a BusyBox with the libraries they load, as there are no packages of Alpine here.
ARG PARENT
FROM ${PARENT} AS files
RUN apt-get update && apt-get install -y --no-install-recommends busybox-static nginx-light
WORKDIR /root-folder
RUN mkdir -p bin docker-entrypoint.d etc/nginx/conf.d home tmp usr/sbin usr/share/nginx/html var/cache/nginx var/log/nginx \
    && chmod 1777 tmp \
    && chown -R 101:101 etc/nginx/conf.d var/cache/nginx \
    && cp /bin/busybox bin/ \
    && for name in $(bin/busybox --list); do test "$name" = busybox || ln -s busybox "bin/$name"; done \
    && cp --parents /usr/sbin/nginx /etc/nginx/mime.types . \
    && ldd /usr/sbin/nginx | grep -o '/[^ ]*' | sort -u | while read -r library; do cp --parents --dereference "$library" .; done \
    && printf '%s\n' root:x:0:0:root:/root:/bin/sh nginx:x:101:101:nginx:/nonexistent:/sbin/nologin > etc/passwd \
    && printf '%s\n' root:x:0: nginx:x:101: > etc/group \
    && echo '<h1>Welcome to nginx!</h1>' > usr/share/nginx/html/index.html \
    && ln -sf /dev/stdout var/log/nginx/access.log \
    && ln -sf /dev/stderr var/log/nginx/error.log
COPY files/nginx-unprivileged.conf etc/nginx/nginx.conf
COPY files/nginx-default.conf etc/nginx/conf.d/default.conf
COPY files/nginx-entrypoint.sh docker-entrypoint.sh
RUN sed -i 's/listen 80;/listen 8080;/' etc/nginx/conf.d/default.conf && chmod 755 docker-entrypoint.sh

FROM scratch
COPY --from=files /root-folder /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NGINX_VERSION=1.22.1
ENTRYPOINT ["/docker-entrypoint.sh"]
EXPOSE 8080
STOPSIGNAL SIGQUIT
USER 101
CMD ["nginx", "-g", "daemon off;"]
