import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/single-stage-build.ts';
import { memoryContext } from '../../src/context/memory.ts';
import { fixText } from '../../src/fix.ts';
import { lintText } from '../../src/lint.ts';
import { requestAll } from '../support/request.ts';
import { fixedText, findings, type Circumstances } from './lint.ts';

type Context = Readonly<Record<string, string>>;

/** What the fix makes of a file, this rule alone. */
const made = (text: string, context?: Context, options?: Circumstances['options']): string =>
  fixedText(rule, text, 'unsafe', { ...(context && { context }), ...(options && { options }) });

/** Notes of the finding; the rule must have no fix. */
function reasons(text: string, context?: Context): string {
  const found = lintText(text, { ...requestAll(context && memoryContext(context), 'all'), path: 'Dockerfile' }).diagnostics.filter((each) => each.rule === 'size/single-stage-build');
  expect(found.map(({ fix }) => fix)).toEqual([undefined]);
  return found.flatMap(({ related }) => related.map(({ message }) => message)).join('\n');
}

const counts = (findingsOf: readonly { rule: string; severity: string }[]): Map<string, number> => {
  const found = new Map<string, number>();
  for (const { rule: id, severity } of findingsOf) if (severity !== 'info') found.set(id, (found.get(id) ?? 0) + 1);
  return found;
};

/** The result brings no new warning, stays as it is on a second run, with this rule alone and with all of them. */
function expectSound(text: string, context?: Context): void {
  const request = requestAll(context && memoryContext(context), 'recommended');
  const fixed = made(text, context);
  expect(made(fixed, context)).toBe(fixed);
  const before = counts(lintText(text, request).diagnostics);
  for (const [id, count] of counts(lintText(fixed, request).diagnostics)) expect(`${id} ${Math.min(count, before.get(id) ?? 0)}`).toBe(`${id} ${count}`);
  const all = fixText(text, request, 'unsafe');
  expect(all.bugs).toEqual([]);
  expect(all.diagnostics.map(({ rule: id }) => id)).not.toContain('size/single-stage-build');
  expect(fixText(all.text, request, 'unsafe').text).toBe(all.text);
}

interface Conversion {
  readonly from: string;
  readonly context?: Context;
  /** The stage that ships. */
  readonly to: string;
  /** The last lines of the stage that builds, where they are more than there were. */
  readonly end?: string;
}

const goFiles: Context = { 'go.mod': 'module example.com/a\n', 'main.go': 'package main\n' };
const lists = 'rm -rf /var/lib/apt/lists/*';
const nginx = (port: number, paths: string): string =>
  `COPY <<'EOF' /etc/nginx/conf.d/default.conf\nserver {\n    listen ${port};\n    root /usr/share/nginx/html;\n    location / {\n        try_files $uri ${paths};\n    }\n}\nEOF\n`;
const vite: Context = { 'package.json': '{"scripts":{"build":"tsc -b && vite build","preview":"vite preview --host"},"devDependencies":{"vite":"7"}}', 'package-lock.json': '{}', 'vite.config.ts': 'export default { plugins: [] };' };
const spring: Context = { 'pom.xml': '<artifactId>spring-boot-maven-plugin</artifactId>', 'src/main/java/A.java': '', 'config/application.yml': '' };
const cargo = (...names: string[]): Context => ({ 'Cargo.toml': '', 'Cargo.lock': names.map((name) => `[[package]]\nname = "${name}"\n`).join('\n'), 'src/main.rs': '' });

const conversions: Readonly<Record<string, Conversion>> = {
  'Go: the program alone': {
    from: 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\nCMD ["/server"]\n', context: goFiles,
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /server /server\nCMD ["/server"]\n',
  },
  'Go: files that it may read': {
    from: 'FROM golang:1.23-alpine\nENV CGO_ENABLED=0\nWORKDIR /app\nRUN apk add --no-cache git\nCOPY . .\nRUN go build -o main .\nCMD ["./main"]\n', context: { ...goFiles, 'templates/a.html': '', 'config.yaml': '', 'README.md': '' },
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nWORKDIR /app\nCOPY --from=build /app/config.yaml /app/config.yaml\nCOPY --from=build /app/templates /app/templates\nCOPY --from=build /app/main /app/main\nCMD ["./main"]\n',
  },
  'Go: a folder of data as one': {
    from: 'FROM golang:1.23\nWORKDIR /src\nCOPY *.go go.mod ./\nCOPY tides tides\nRUN CGO_ENABLED=0 go build -o /server .\nCMD ["/server", "tides/a.txt"]\n', context: { ...goFiles, 'tides/a.txt': '' },
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nWORKDIR /src\nCOPY --from=build /src/tides /src/tides\nCOPY --from=build /server /server\nCMD ["/server", "tides/a.txt"]\n',
  },
  'Go: the whole folder without a context': {
    from: 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server .\nCMD ["/server"]\n',
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nWORKDIR /src\nCOPY --from=build /src /src\nCOPY --from=build /server /server\nCMD ["/server"]\n',
  },
  'Go: with the C library, on the same Debian, as the same user': {
    from: 'FROM golang:1.22-bullseye\nWORKDIR /app\nCOPY . .\nRUN go build -o /usr/local/bin/a .\nRUN useradd -m app\nUSER app\nENTRYPOINT ["a"]\n', context: goFiles,
    to: `FROM debian:bullseye-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates tzdata && ${lists}\nCOPY --from=build /usr/local/bin/a /usr/local/bin/a\nRUN useradd -m app\nUSER app\nENTRYPOINT ["a"]\n`,
  },
  'Go: Alpine without a compiler, two programs': {
    from: 'FROM golang:1.23-alpine\nWORKDIR /app\nCOPY . .\nRUN go build -o /bin/a ./cmd/a && go build -o /bin/b ./cmd/b\nCMD ["/bin/a"]\n', context: goFiles,
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /bin/a /bin/a\nCOPY --from=build /bin/b /bin/b\nCMD ["/bin/a"]\n',
  },
  'Node: flags of the install and what is loaded first': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci --legacy-peer-deps && npm run build\nCMD ["node", "-r", "dotenv/config", "a.js"]\n', end: 'RUN npm prune --omit=dev --legacy-peer-deps\n',
    context: { 'package.json': '{"dependencies":{"dotenv":"16"},"devDependencies":{"a":"1"}}', 'package-lock.json': '{}' },
    to: 'FROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app /app\nCMD ["node", "-r", "dotenv/config", "a.js"]\n',
  },
  'Go: `go install`, a user of its own that the image has already': {
    from: 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go install ./...\nRUN useradd -m app\nUSER app\nEXPOSE 9000\nCMD ["worker"]\n', context: goFiles,
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /go/bin /usr/local/bin\nEXPOSE 9000\nCMD ["worker"]\n',
  },
  'Node: a server, what is left without development packages': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nENV NODE_ENV=production\nCMD ["node", "dist/main.js"]\n',
    end: 'RUN npm prune --omit=dev\n', to: 'FROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app /app\nENV NODE_ENV=production\nCMD ["node", "dist/main.js"]\n',
  },
  'Node: an old npm, Yarn 1, an init that stays, Prisma': {
    from: 'FROM node:14\nRUN apt-get update && apt-get install -y python3 make g++ dumb-init\nWORKDIR /app\nCOPY . .\nRUN yarn install && yarn build\nCMD ["dumb-init", "yarn", "start"]\n',
    context: { 'package.json': '{"scripts":{"build":"tsc","start":"node a.js"},"dependencies":{"@prisma/client":"5"},"devDependencies":{"typescript":"5"}}', 'yarn.lock': '# yarn lockfile v1\n' },
    end: 'RUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline\n',
    to: `FROM node:14-slim\nRUN apt-get update && apt-get install -y --no-install-recommends dumb-init openssl && ${lists}\nWORKDIR /app\nCOPY --from=build /app /app\nCMD ["dumb-init", "yarn", "start"]\n`,
  },
  'Node: pnpm, owner and user': {
    from: 'FROM node:22-slim\nRUN corepack enable\nWORKDIR /app\nCOPY --chown=node:node . .\nRUN chown node:node /app\nUSER node\nRUN pnpm install --frozen-lockfile\nRUN pnpm build\nCMD ["node", "a.js"]\n',
    end: 'RUN CI=true pnpm prune --prod --ignore-scripts\n', to: 'FROM node:22-slim\nUSER node\nCOPY --from=build --chown=node /app /app\nWORKDIR /app\nCMD ["node", "a.js"]\n',
  },
  'Node: users and packages of Alpine are said again': {
    from: 'FROM node:22-alpine\nRUN apk add --no-cache libc6-compat\nRUN addgroup -S app && adduser -S app -G app\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN chown -R app:app /app\nUSER app\nHEALTHCHECK CMD wget -qO- localhost:3000 || exit 1\nCMD ["node", "a.js"]\n',
    end: 'RUN npm prune --omit=dev\n',
    to: 'FROM node:22-alpine\nRUN apk add --no-cache libc6-compat\nRUN addgroup -S app && adduser -S app -G app\nCOPY --from=build --chown=app:app /app /app\nWORKDIR /app\nUSER app\nHEALTHCHECK CMD wget -qO- localhost:3000 || exit 1\nCMD ["node", "a.js"]\n',
  },
  'Node: a program that is installed for all': {
    from: 'FROM node:22\nWORKDIR /app\nRUN npm install -g pm2@5.4.2\nCOPY . .\nRUN npm install && npm run build\nCMD ["pm2-runtime", "a.js"]\n',
    end: 'RUN npm prune --omit=dev\n', to: 'FROM node:22-slim\nWORKDIR /app\nRUN npm install -g pm2@5.4.2\nCOPY --from=build /app /app\nCMD ["pm2-runtime", "a.js"]\n',
  },
  'Site: vite preview': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nEXPOSE 5173\nCMD ["npm", "run", "preview", "--", "--port", "5173"]\n', context: vite,
    to: `FROM nginxinc/nginx-unprivileged:stable-alpine-slim\n${nginx(5173, '$uri/ /index.html')}COPY --from=build /app/dist /usr/share/nginx/html\nEXPOSE 5173\n`,
  },
  'Site: serve, its install goes and its comment stays': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm install -g serve@14.2.4\n# all of it\nEXPOSE 3000\n# serve it\nCMD ["serve", "-s", "build"]\n',
    to: `FROM nginxinc/nginx-unprivileged:stable-alpine-slim\n${nginx(3000, '$uri/ /index.html')}COPY --from=build /app/build /usr/share/nginx/html\n# all of it\nEXPOSE 3000\n# serve it\n`,
  },
  'Site: no single page, and a port that only root may open': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nEXPOSE 80\nCMD ["npx", "serve", "out", "-l", "80"]\n',
    to: `FROM nginxinc/nginx-unprivileged:stable-alpine-slim\n${nginx(8080, '$uri.html $uri/ =404')}COPY --from=build /app/out /usr/share/nginx/html\nEXPOSE 8080\n`,
  },
  'Site: Create React App': {
    from: 'FROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nENV PORT=3001\nCMD npm start\n',
    context: { 'package.json': '{"scripts":{"build":"react-scripts build","start":"react-scripts start"},"dependencies":{"react-scripts":"5"},"devDependencies":{"a":"1"}}', 'package-lock.json': '{}' },
    to: `FROM nginxinc/nginx-unprivileged:stable-alpine-slim\n${nginx(3001, '$uri/ /index.html')}COPY --from=build /app/build /usr/share/nginx/html\n`,
  },
  'Site: Angular': {
    from: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "start"]\n',
    context: {
      'package.json': '{"scripts":{"build":"ng build","start":"ng serve --host 0.0.0.0"},"devDependencies":{"@angular/cli":"19"}}', 'package-lock.json': '{}',
      'angular.json': '{"projects":{"shop":{"architect":{"build":{"builder":"@angular-devkit/build-angular:application","options":{"outputPath":"dist/shop"}}}}}}',
    },
    to: `FROM nginxinc/nginx-unprivileged:stable-alpine-slim\n${nginx(4200, '$uri/ /index.html')}COPY --from=build /app/dist/shop/browser /usr/share/nginx/html\n`,
  },
  'Python: libraries of headers, programs of health checks': {
    from: `FROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev curl && ${lists}\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nHEALTHCHECK CMD curl -f localhost:8000\nCMD ["python", "a.py"]\n`,
    context: { 'requirements.txt': 'psycopg2==2.9\n', 'a.py': '' },
    to: `FROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 curl ca-certificates && ${lists}\nWORKDIR /app\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nHEALTHCHECK CMD curl -f localhost:8000\nCMD ["python", "a.py"]\n`,
  },
  'Python: the full image becomes the slim one': {
    from: 'FROM python:3.12\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
    context: { 'requirements.txt': 'mysqlclient==2.2\nflask==3.1\n', 'a.py': '' },
    to: `FROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y --no-install-recommends libmariadb3 && ${lists}\nWORKDIR /app\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["python", "a.py"]\n`,
  },
  'Python: OpenMP where nothing tells the packages': {
    from: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
    to: `FROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && ${lists}\nWORKDIR /app\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["python", "a.py"]\n`,
  },
  'Python: an environment of its own, what runs behind the install': {
    from: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\nRUN useradd -m app\nENV PATH=/venv/bin:$PATH\nRUN python -m venv /venv\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nRUN python manage.py collectstatic --noinput\nUSER app\nCMD ["gunicorn", "a.wsgi"]\n',
    context: { 'requirements.txt': 'django==5.1\n', 'manage.py': '' },
    to: 'FROM python:3.12-slim\nRUN useradd -m app\nENV PATH=/venv/bin:$PATH\nWORKDIR /app\nCOPY --from=build /venv /venv\nCOPY . .\nRUN python manage.py collectstatic --noinput\nUSER app\nCMD ["gunicorn", "a.wsgi"]\n',
  },
  'Python: Alpine': {
    from: 'FROM python:3.12-alpine\nRUN apk add --no-cache build-base libffi-dev\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["python", "a.py"]\n',
    to: 'FROM python:3.12-alpine\nENV PATH=/opt/venv/bin:$PATH\nRUN apk add --no-cache libffi libstdc++ libgomp\nWORKDIR /app\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["python", "a.py"]\n',
  },
  'Maven: a jar with all in it, and what it reads': {
    from: 'FROM maven:3.9-eclipse-temurin-21-alpine\nWORKDIR /app\nCOPY . .\nRUN mvn -B package\nENTRYPOINT ["java", "-jar", "target/a.jar"]\n', context: spring,
    to: 'FROM eclipse-temurin:21-jre-alpine\nWORKDIR /app\nCOPY --from=build /app/config /app/config\nCOPY --from=build /app/target/a.jar /app/target/a.jar\nENTRYPOINT ["java", "-jar", "target/a.jar"]\n',
  },
  'Maven: a jar that may have others beside it': {
    from: 'FROM maven:3.9-eclipse-temurin-17\nWORKDIR /app\nCOPY . .\nRUN mvn package\nCMD ["java", "-Xmx1g", "-jar", "/app/target/a.jar"]\n', context: { 'pom.xml': '<project/>', 'src/A.java': '' },
    to: 'FROM eclipse-temurin:17-jre\nWORKDIR /app\nCOPY --from=build /app/target /app/target\nCMD ["java", "-Xmx1g", "-jar", "/app/target/a.jar"]\n',
  },
  'Maven: a jar that is put elsewhere': {
    from: 'FROM openjdk:8-jdk-alpine\nWORKDIR /build\nRUN apk add --no-cache maven\nCOPY . .\nRUN mvn package && cp target/a.jar /opt/a.jar\nWORKDIR /opt\nCMD ["java", "-jar", "a.jar"]\n',
    to: 'FROM eclipse-temurin:8-jre-alpine\nCOPY --from=build /opt/a.jar /opt/a.jar\nWORKDIR /opt\nCMD ["java", "-jar", "a.jar"]\n',
  },
  'Gradle: a pattern that a shell opens': {
    from: 'FROM gradle:8.10-jdk17\nWORKDIR /home/gradle/src\nCOPY . .\nRUN gradle bootJar --no-daemon\nCMD java $JAVA_OPTS -jar build/libs/*.jar\n', context: { 'build.gradle': '', 'src/A.java': '' },
    to: 'FROM eclipse-temurin:17-jre\nWORKDIR /home/gradle/src\nCOPY --from=build /home/gradle/src/build/libs /home/gradle/src/build/libs\nCMD java $JAVA_OPTS -jar build/libs/*.jar\n',
  },
  'Gradle: the wrapper': {
    from: 'FROM eclipse-temurin:21-jdk-jammy\nWORKDIR /app\nCOPY . .\nRUN ./gradlew shadowJar\nCMD ["java", "-jar", "build/libs/a.jar"]\n', context: { 'build.gradle.kts': 'id("com.gradleup.shadow")', 'gradlew': '', 'src/A.kt': '' },
    to: 'FROM eclipse-temurin:21-jre-jammy\nWORKDIR /app\nCOPY --from=build /app/build/libs/a.jar /app/build/libs/a.jar\nCMD ["java", "-jar", "build/libs/a.jar"]\n',
  },
  '.NET: started where it was published': {
    from: 'FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o /app\nWORKDIR /app\nENV ASPNETCORE_HTTP_PORTS=8080\nENTRYPOINT ["dotnet", "a.dll"]\n',
    to: 'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nCOPY --from=build /app /app\nWORKDIR /app\nENV ASPNETCORE_HTTP_PORTS=8080\nENTRYPOINT ["dotnet", "a.dll"]\n',
  },
  '.NET: a program without a web server, and its settings': {
    from: 'FROM mcr.microsoft.com/dotnet/sdk:8.0.404-jammy\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -c Release -o out\nENTRYPOINT ["dotnet", "out/a.dll"]\n', context: { 'a.csproj': '<Project Sdk="Microsoft.NET.Sdk">', 'appsettings.json': '{}', 'Program.cs': '' },
    to: 'FROM mcr.microsoft.com/dotnet/runtime:8.0-jammy\nWORKDIR /src\nCOPY --from=build /src/appsettings.json /src/appsettings.json\nCOPY --from=build /src/out /src/out\nENTRYPOINT ["dotnet", "out/a.dll"]\n',
  },
  'Rust: on Debian, with its migrations': {
    from: 'FROM rust:1.82\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n', context: { ...cargo('tokio', 'linux-raw-sys'), 'migrations/1.sql': '' },
    to: `FROM debian:trixie-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && ${lists}\nWORKDIR /app\nCOPY --from=build /app/migrations /app/migrations\nCOPY --from=build /app/target/release/app /app/target/release/app\nCMD ["./target/release/app"]\n`,
  },
  'Rust: OpenSSL of the same release': {
    from: 'FROM rust:1.82-bookworm\nWORKDIR /app\nCOPY . .\nRUN cargo build --release && cp target/release/app /usr/local/bin/\nCMD ["app"]\n', context: cargo('openssl-sys'),
    to: `FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ca-certificates openssl && ${lists}\nCOPY --from=build /usr/local/bin/app /usr/local/bin/app\nCMD ["app"]\n`,
  },
  'Rust: musl': {
    from: 'FROM rust:1.82-alpine\nRUN apk add --no-cache musl-dev\nWORKDIR /app\nCOPY . .\nRUN cargo install --path .\nCMD ["app"]\n', context: cargo('tokio'),
    to: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /usr/local/cargo/bin/app /usr/local/bin/app\nCMD ["app"]\n',
  },
};

describe('makes two stages', () => {
  it.each(Object.entries(conversions))('%s', (_name, { from, context, to, end }) => {
    const fixed = made(from, context);
    const at = fixed.lastIndexOf('\nFROM ') + 1;
    expect(fixed.slice(at)).toBe(to);
    const builder = fixed.slice(0, at);
    expect(builder).toMatch(/^FROM \S+ AS build\n/);
    if (end !== undefined) expect(builder.trimEnd().endsWith(end.trimEnd())).toBe(true);
    expectSound(from, context);
  });
});

const refusals: Readonly<Record<string, readonly [text: string, reason: RegExp, context?: Context]>> = {
  'several stages': ['FROM golang:1.23 AS b\nRUN go build -o /a .\nFROM b\nCMD ["/a"]\n', /several stages/],
  'a stage that has a name': ['FROM golang:1.23 AS server\nRUN CGO_ENABLED=0 go build -o /a .\nCMD ["/a"]\n', /--target server/],
  'ONBUILD': ['FROM golang:1.23\nONBUILD COPY . .\nRUN CGO_ENABLED=0 go build -o /a .\nCMD ["/a"]\n', /ONBUILD/],
  'an image nothing is known of': ['FROM debian:12\nRUN go build -o /a .\nCMD ["/a"]\n', /of this image/],
  'Go: packages it may need': ['FROM golang:1.23\nRUN apt-get update && apt-get install -y ffmpeg\nRUN CGO_ENABLED=0 go build -o /a .\nCMD ["/a"]\n', /`ffmpeg` may be needed/],
  'Go: git of the full image': ['FROM golang:1.23\nRUN apt-get update && apt-get install -y git\nRUN CGO_ENABLED=0 go build -o /a .\nCMD ["/a"]\n', /`git` may be needed/],
  'Go: a download': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nRUN curl -o /etc/a.json https://example.com/a.json\nCMD ["/a"]\n', /`curl` may leave files/],
  'Go: a shell': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nCMD /a\n', /needs a shell/],
  'Go: a health check': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nHEALTHCHECK CMD ["curl", "localhost"]\nCMD ["/a"]\n', /health check needs `curl`/],
  'Go: a script that starts it': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n', /Which build makes/],
  'Go: a low port': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nEXPOSE 80\nCMD ["/a"]\n', /Port 80/],
  'Go: a volume': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nVOLUME /data\nCMD ["/a"]\n', /volume/],
  'Go: an unknown release of the C library': ['FROM golang:latest\nRUN go build -o /a .\nCMD ["/a"]\n', /can't be told from the tag/],
  'Go: a tool that calls go': ['FROM golang:1.23\nRUN CGO_ENABLED=0 go install github.com/pressly/goose/v3/cmd/goose@v3.22.0\nENTRYPOINT ["goose"]\n', /calls `go`/],
  'Go: a program in a mount': ['FROM golang:1.23\nWORKDIR /app\nRUN --mount=type=cache,target=/app CGO_ENABLED=0 go build -o /app/a .\nCMD ["/app/a"]\n', /lies in a mount/],
  'Node: a script of package.json without it': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "start"]\n', /without `package.json`/],
  'Node: a start with a development package': [
    'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "start"]\n', /`ts-node` is no package of production/,
    { 'package.json': '{"scripts":{"start":"ts-node src/a.ts"},"devDependencies":{"ts-node":"10"}}', 'package-lock.json': '{}' },
  ],
  'Node: a workspace': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "a.js"]\n', /workspace/, { 'package.json': '{"workspaces":["a"],"devDependencies":{"b":"1"}}', 'package-lock.json': '{}' }],
  'Node: a start script': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nENTRYPOINT ["./entrypoint.sh"]\n', /is a script/],
  'Node: browsers': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npx playwright install\nCMD ["node", "a.js"]\n', /may leave files outside/],
  'Node: in the root folder': ['FROM node:22\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "a.js"]\n', /lies in `\/` itself/],
  'Node: no development packages on the same image': ['FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "a.js"]\n', /nothing would be left behind/, { 'package.json': '{"dependencies":{"a":"1"}}', 'package-lock.json': '{}' }],
  'Site: a framework with a server': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "run", "preview"]\n', /@sveltejs\/kit/, { ...vite, 'package.json': (vite['package.json'] ?? '').replace('"vite":"7"', '"vite":"7","@sveltejs/kit":"2"') }],
  'Site: a proxy': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "run", "preview"]\n', /vite\.config\.ts/, { ...vite, 'vite.config.ts': 'export default { server: { proxy: {} } };' }],
  'Site: another port than the one that is exposed': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nEXPOSE 80\nCMD ["npx", "serve", "-s", "build"]\n', /another port than 3000/],
  'Site: a server with a certificate': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "serve", "--ssl-cert=a.pem", "build"]\n', /more than serve files/],
  'Site: an old syntax': ['# syntax=docker/dockerfile:1.2\nFROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "serve", "-s", "build"]\n', /here-documents/],
  'Python: headers of an unknown library': ['FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc libgtk-3-dev\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n', /`libgtk-3-dev`/],
  'Python: the full image without a list of packages': ['FROM python:3.12\nRUN apt-get update && apt-get install -y gcc\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n', /libraries of the full image/],
  'Python: a start script': ['FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["./start.sh"]\n', /is not known/],
  'Python: what compiles when it runs': ['FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["python", "a.py"]\n', /`torch` may compile/, { 'requirements.txt': 'torch==2.5.0\n' }],
  'Python: an install for the user': ['FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc\nRUN pip install --user flask==3.1\nCMD ["python", "a.py"]\n', /outside a virtual environment/],
  'Python: make behind the install': ['FROM python:3.12-slim\nRUN apt-get update && apt-get install -y gcc make\nRUN pip install flask==3.1\nCOPY . .\nRUN make\nCMD ["python", "a.py"]\n', /needs a compiler/],
  'Maven: an unknown version': ['FROM maven:3\nWORKDIR /a\nCOPY . .\nRUN mvn package\nCMD ["java", "-jar", "target/a.jar"]\n', /Which version of Java/],
  'Maven: classes instead of a jar': ['FROM maven:3-eclipse-temurin-17\nWORKDIR /a\nCOPY . .\nRUN mvn package\nCMD ["java", "-cp", "target/classes", "A"]\n', /not start one jar/],
  'Maven: an agent': ['FROM maven:3-eclipse-temurin-17\nWORKDIR /a\nCOPY . .\nRUN mvn package\nCMD ["java", "-javaagent:/opt/agent.jar", "-jar", "target/a.jar"]\n', /names a file/],
  'Maven: a health check': ['FROM maven:3-eclipse-temurin-17\nWORKDIR /a\nCOPY . .\nRUN mvn package\nHEALTHCHECK CMD curl -f localhost\nCMD ["java", "-jar", "target/a.jar"]\n', /needs `curl`/],
  'Gradle: another jar': ['FROM gradle:8-jdk17\nWORKDIR /a\nCOPY . .\nRUN gradle jar\nCMD ["java", "-jar", "/opt/a.jar"]\n', /Which build makes/],
  '.NET: a port of the image': ['FROM mcr.microsoft.com/dotnet/sdk:8.0\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nENTRYPOINT ["dotnet", "/app/a.dll"]\n', /port comes from the image/],
  '.NET: Alpine': ['FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o /app\nENV ASPNETCORE_URLS=http://+:80\nENTRYPOINT ["dotnet", "/app/a.dll"]\n', /same version and settings/],
  'Rust: no lock file': ['FROM rust:1.82\nRUN cargo install ripgrep@14.1.1\nENTRYPOINT ["rg"]\n', /without `Cargo.lock`/],
  'Rust: a library of the system': ['FROM rust:1.82\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n', /`libsqlite3-sys`/, cargo('libsqlite3-sys')],
  'Rust: several programs': ['FROM rust:1.82\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n', /Several programs/, { ...cargo('tokio'), 'src/bin/a.rs': '', 'src/bin/b.rs': '' }],
  'Node: a module of development is loaded first': ['FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "--import", "tsx", "a.js"]\n', /loads first/, { 'package.json': '{"devDependencies":{"tsx":"4"}}', 'package-lock.json': '{}' }],
  'Rust: OpenSSL of an unknown release': ['FROM rust:1.82\nWORKDIR /app\nCOPY . .\nRUN cargo build --release\nCMD ["./target/release/app"]\n', /linked with OpenSSL/, cargo('openssl-sys')],
};

describe('leaves one stage, and says why', () => {
  it.each(Object.entries(refusals))('%s', (_name, [text, reason, context]) => {
    expect(reasons(text, context)).toMatch(reason);
    expect(made(text, context)).toBe(text);
  });
});

describe('keeps the file\'s ways', () => {
  const go = 'FROM golang:1.23\n\n# who made it\nLABEL a=b\nARG VERSION\nENV CGO_ENABLED=0\n\n# where\nWORKDIR /src\nCOPY . .\n# build it\nRUN go build -ldflags "-X main.v=${VERSION}" -o /a .\n\n# run it\nLABEL version=$VERSION\nSTOPSIGNAL SIGINT\nCMD ["/a"]\n';

  it('comments, blank lines, arguments', () => {
    expect(made(go, goFiles)).toBe('FROM golang:1.23 AS build\n\nARG VERSION\nENV CGO_ENABLED=0\n\n# where\nWORKDIR /src\nCOPY . .\n# build it\nRUN go build -ldflags "-X main.v=${VERSION}" -o /a .\n\nFROM gcr.io/distroless/static-debian12:nonroot\n# who made it\nLABEL a=b\nARG VERSION\nCOPY --from=build /a /a\n\n# run it\nLABEL version=$VERSION\nSTOPSIGNAL SIGINT\nCMD ["/a"]\n');
  });

  it('line endings', () => {
    const windows = (text: string): string => text.replaceAll('\n', '\r\n');
    expect(made(windows(go), goFiles)).toBe(windows(made(go, goFiles)));
  });

  it('small keywords, a platform, no line ending at the end', () => {
    expect(made('from --platform=linux/amd64 golang:1.23\nrun CGO_ENABLED=0 go build -o /a .\ncmd ["/a"]'))
      .toBe('from --platform=linux/amd64 golang:1.23 as build\nrun CGO_ENABLED=0 go build -o /a .\n\nfrom --platform=linux/amd64 gcr.io/distroless/static-debian12:nonroot\ncopy --from=build /a /a\ncmd ["/a"]');
  });

  it('an own name of the stage, and CMD in front of the build', () => {
    expect(made('FROM golang:1.23 AS build\nCMD ["/a"]\nRUN CGO_ENABLED=0 go build -o /a .\n'))
      .toBe('FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /a .\n\nFROM gcr.io/distroless/static-debian12:nonroot\nCMD ["/a"]\nCOPY --from=build /a /a\n');
  });
});

describe('the images that ship can be chosen', () => {
  const go = 'FROM golang:1.23\nRUN CGO_ENABLED=0 go build -o /a .\nCMD ["/a"]\n';
  it('scratch brings certificates and no name of a user', () => {
    expect(made(go, undefined, { 'static-image': 'scratch' })).toBe(
      'FROM golang:1.23 AS build\nRUN CGO_ENABLED=0 go build -o /a .\n\nFROM scratch\nUSER 65532:65532\nCOPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\nCOPY --from=build /a /a\nCMD ["/a"]\n');
  });

  it('a fix names its whole stage, so that no other fix of a pass works there', () => {
    const [found] = findings(rule, go);
    expect(found?.fix?.safety).toBe('unsafe');
    const all = fixText(`${go.replace('FROM', '# the server\nFROM')}`, requestAll(undefined, 'recommended'), 'unsafe');
    expect(all.bugs).toEqual([]);
    expect(all.text).toContain('# the server');
  });
});
