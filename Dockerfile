# Lints the folder that is mounted at /work: docker run --rm -v "$PWD:/work" shipshape
# To fix files, run it as their owner: docker run --rm -v "$PWD:/work" -u "$(id -u):$(id -g)" shipshape --fix

FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The script that builds runs below, when there is something to build
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json ./
COPY bench bench
COPY src src
COPY rules rules
RUN node bench/build.mjs --no-types --out dist

FROM node:24-bookworm-slim
COPY package.json LICENSE /opt/shipshape/
COPY --from=build /build/dist /opt/shipshape/dist
USER node
WORKDIR /work
ENTRYPOINT ["node", "/opt/shipshape/dist/cli.js"]
