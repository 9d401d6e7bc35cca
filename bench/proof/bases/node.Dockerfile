# Stands in for node and node:…-slim: Node from the npm package that holds its program, npm, Yarn and Corepack.
ARG PARENT
FROM ${PARENT}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
ARG NODE
COPY ${NODE}/bin/node /usr/local/bin/node
COPY ${NODE}/include /usr/local/include
COPY npm /usr/local/lib/node_modules/npm
COPY corepack /usr/local/lib/node_modules/corepack
COPY yarn /opt/yarn
COPY files/node-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
# How this machine reaches its registry.
COPY npmrc /usr/local/etc/npmrc
COPY certificates.crt /usr/local/etc/certificates.crt
RUN cd /usr/local/bin \
    && ln -s node nodejs \
    && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm \
    && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx \
    && ln -s ../lib/node_modules/corepack/dist/corepack.js corepack \
    && ln -s /opt/yarn/bin/yarn yarn \
    && ln -s /opt/yarn/bin/yarn yarnpkg \
    && chmod 755 node npm npx corepack yarn yarnpkg docker-entrypoint.sh
ARG VERSION
ENV NODE_VERSION=${VERSION} YARN_VERSION=1.22.22
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
