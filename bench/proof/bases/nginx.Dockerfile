# Stands in for nginx: Debian's, with the user, the folders and the settings of the official image.
ARG PARENT
FROM ${PARENT}
RUN groupadd --system --gid 101 nginx \
    && useradd --system --gid nginx --no-create-home --home /nonexistent --shell /bin/false --uid 101 nginx \
    && apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl nginx-light \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled /etc/nginx/sites-available /etc/nginx/modules-enabled \
    && mkdir -p /docker-entrypoint.d /usr/share/nginx/html /var/cache/nginx \
    && echo '<h1>Welcome to nginx!</h1>' > /usr/share/nginx/html/index.html \
    && ln -sf /dev/stdout /var/log/nginx/access.log \
    && ln -sf /dev/stderr /var/log/nginx/error.log
COPY files/nginx.conf /etc/nginx/nginx.conf
COPY files/nginx-default.conf /etc/nginx/conf.d/default.conf
COPY files/nginx-entrypoint.sh /docker-entrypoint.sh
RUN chmod 755 /docker-entrypoint.sh
ENV NGINX_VERSION=1.22.1
ENTRYPOINT ["/docker-entrypoint.sh"]
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
