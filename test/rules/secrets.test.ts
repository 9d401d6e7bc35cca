import { describe, expect, it } from 'vitest';
import fileCopied from '../../rules/security/secret-file-copied.ts';
import inEnv from '../../rules/security/secret-in-env.ts';
import { linesByCode } from './by-code.ts';
import { findings } from './lint.ts';

/** A made-up token; put together here so that no scanner takes this file for a leak. */
const token = (prefix: string, length: number): string => prefix + 'aB3dE5gH7jK9mN2pQ4sT6vW8yZ1cF0rL'.repeat(4).slice(0, length);
const keyHeader = `-----BEGIN OPENSSH ${'PRIVATE'} KEY-----`;

const inStage = (text: string): string => `FROM debian:12\n${text}\n`;

describe('security/secret-in-env', () => {
  it.each([
    'ENV TOKENIZERS_PARALLELISM=false', 'ENV GOPRIVATE=example.com', 'ENV DB_PASSWORD_FILE=/run/secrets/db', 'ARG TOKEN_PATH=/t', 'ENV AUTH_URL=https://example.com',
    'ENV OPENAI_API_KEY=""', 'ENV VAULT_TOKEN=', 'ARG API_KEY=\nRUN make', 'ENV SECRET_KEY=change-me', 'ENV API_KEY=<your key>', 'ENV API_KEY=your_api_key', 'ENV PASSWORD=**None**',
    'ENV PASSWORD=XXXXXXXX', 'ENV MYSQL_ALLOW_EMPTY_PASSWORD=yes', 'ENV MYSQL_RANDOM_ROOT_PASSWORD=1', 'ENV MAX_TOKEN=4096', 'ENV EOS_TOKEN=</s>', 'ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568',
    'ARG NEXT_PUBLIC_API_KEY', 'ARG SSH_PUBLIC_KEY', 'ENV VITE_API_TOKEN=abc123xyz', 'ARG IMAGE_PULL_SECRET=nvidia-pull', 'ENV HF_TOKEN=$HF_TOKEN', 'ENV PRIMARY_KEY=id', 'ENV TOKEN_TTL=3600',
    'ENV GOOGLE_APPLICATION_CREDENTIALS=/etc/key.json', 'ENV REDIS_URL=redis://cache:6379/0', 'ENV DB=postgres://user:password@db/app', 'ENV DB=postgres://app:${DB_PASSWORD}@db/app',
    'RUN SECRET_KEY=dummy python manage.py collectstatic', 'RUN SECRET_KEY=only-for-now ./manage.py check', 'RUN git clone https://$TOKEN@github.com/a/b',
    'RUN --mount=type=secret,id=t,env=HF_TOKEN hf auth login --token "$HF_TOKEN"', 'LABEL maintainer="me@example.com"', 'RUN curl -H "Authorization: Bearer ${TOKEN}" https://example.com',
    'RUN pip install task-manager-with-a-very-long-name-for-sk-learn', `# ${token('ghp_', 36)}\nRUN true`,
  ])('is quiet about %s', (text) => {
    expect(findings(inEnv, inStage(text))).toEqual([]);
  });

  it.each([
    ['ENV DB_PASSWORD=hunter2', 'DB_PASSWORD'],
    ['ENV PASSWORD root', 'PASSWORD'],
    ['ENV ADMINPASSWORD="adminpassword"', 'ADMINPASSWORD'],
    ['ENV accessToken=abc123def', 'accessToken'],
    ['ENV A=b \\\n    JWT_SECRET="k3y-for-tokens"', 'JWT_SECRET'],
    ['ARG NPM_TOKEN', 'NPM_TOKEN'],
    ['ARG GITEE_TOKEN=""\nRUN ./get --token "$GITEE_TOKEN"', 'GITEE_TOKEN'],
    ['ARG TOKEN_ABC=xyz\nARG AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMIK7MDENG', 'AWS_SECRET_ACCESS_KEY'],
    ['ARG SOURCE\nENV HF_TOKEN=${SOURCE}', 'HF_TOKEN'],
    ['ARG DOWNLOAD_TOKEN=${X:-42970487e3af}', 'DOWNLOAD_TOKEN'],
    [`ENV ANYTHING=${token('hf_', 34)}`, 'ANYTHING'],
    [`LABEL note=${token('glpat-', 24)}`, 'note'],
    ['ENV DATABASE_URL=postgres://app:s3cr3t-pw@db:5432/app', 'DATABASE_URL'],
    [`RUN curl -H "Authorization: token ${token('ghp_', 36)}" https://api.github.com`, token('ghp_', 36)],
    [`RUN export AWS_SECRET_ACCESS_KEY=${token('', 40)} && make`, 'AWS_SECRET_ACCESS_KEY'],
    ['RUN git clone https://bot:s3cr3t-pw@git.example.com/a.git', 'https://bot:s3cr3t-pw@'],
    [`RUN <<EOF\necho "${keyHeader}" > key\nEOF`, keyHeader],
    [`CMD ["server", "--key", "${token('sk-proj-', 40)}"]`, token('sk-proj-', 40)],
  ])('finds %s', (text, at) => {
    expect(findings(inEnv, inStage(text)).map((each) => each.text)).toEqual([at]);
  });

  it('never says the secret', () => {
    const secrets = [token('ghp_', 36), 'hunter2-Prod', 's3cr3t-pw'];
    const text = inStage(`ENV A=${secrets[0]}\nENV DB_PASSWORD=${secrets[1]}\nRUN git clone https://a:${secrets[2]}@example.com/x`);
    const messages = findings(inEnv, text).map(({ message }) => message);
    expect(messages).toHaveLength(3);
    for (const secret of secrets) expect(messages.join('\n')).not.toContain(secret);
  });

  it('looks at global arguments for values only, and at no stage that no build needs', () => {
    expect(findings(inEnv, 'ARG NPM_TOKEN\nFROM debian:12\n')).toEqual([]);
    expect(findings(inEnv, 'ARG NPM_TOKEN=abc123def\nFROM debian:12\n')).toHaveLength(1);
    expect(findings(inEnv, 'FROM debian:12 AS old\nARG NPM_TOKEN\nFROM debian:12\n')).toEqual([]);
  });

  it('proposes a mount for each RUN of the stage that names the argument, and only then', () => {
    const text = inStage('# for the registry\nARG NPM_TOKEN\nRUN a $NPM_TOKEN\nRUN b\nRUN --mount=type=cache,target=/c c "${NPM_TOKEN}"');
    const [found] = findings(inEnv, text);
    expect(found?.fix?.safety).toBe('manual');
    expect(found?.fixed).toBe(inStage('# for the registry\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN a $NPM_TOKEN\nRUN b\nRUN --mount=type=secret,id=npm_token,env=NPM_TOKEN --mount=type=cache,target=/c c "${NPM_TOKEN}"'));
    expect(findings(inEnv, inStage('ARG NPM_TOKEN\nRUN a $NPM_TOKEN\nENV X=$NPM_TOKEN'))[0]?.fix).toBeUndefined();
    expect(findings(inEnv, inStage('ARG NPM_TOKEN\nRUN npm ci'))[0]?.fix).toBeUndefined();
  });
});

describe('security/secret-file-copied', () => {
  it.each([
    '.env.example', '.env.sample', 'env.template', 'id_rsa.pub', 'ca.pem', 'cert.crt', 'fullchain.pem', 'public.pem', 'nginx_signing.key', 'docker.key', '.npmrc', 'pip.conf',
    'settings.xml', 'keys.py', 'token.ts', 'secrets.py', 'environment.yml', '.env.development', 'server.crt', 'credentials.json', '.dockerignore',
  ])('is quiet about %s', (name) => {
    expect(findings(fileCopied, inStage(`COPY ${name} /x/`))).toEqual([]);
  });

  it.each([
    '.env', './app/.env', '.env.local', '.env.production.local', 'id_rsa', 'keys/id_ed25519', '.netrc', '.git-credentials', '.ssh', '.ssh/', 'home/.aws/credentials', '.aws', 'server.key',
    'certs/privkey.pem', 'tls-key.pem', 'service-account.json', 'application_default_credentials.json', 'kubeconfig', '.docker/config.json', 'config/master.key', 'client.p12',
    '.streamlit/secrets.toml',
  ])('finds %s by its name', (name) => {
    expect(findings(fileCopied, inStage(`COPY README.md ${name} /x/`)).map(({ text }) => text)).toEqual([name]);
  });

  it.each([
    ['.npmrc', 'registry=https://registry.example.com/\n//registry.example.com/:_authToken=${NPM_TOKEN}\n', false],
    ['.npmrc', `//registry.example.com/:_authToken=${token('npm_', 36)}\n`, true],
    ['.env', 'PORT=8000\nLOG_LEVEL=info\nAPI_KEY=\nTOKEN=$TOKEN\n', false],
    ['.env', 'PORT=8000\nSECRET_KEY=1\n', true],
    ['pip.conf', '[global]\nindex-url = https://bot:s3cr3t-pw@pypi.example.com/simple\n', true],
    ['pip.conf', '[global]\nindex-url = https://pypi.example.com/simple\n', false],
    ['any.pem', '-----BEGIN CERTIFICATE-----\n', false],
    ['any.pem', `${keyHeader}\n`, true],
    ['server.key', '-----BEGIN PGP PUBLIC KEY BLOCK-----\n', false],
    ['credentials.json', '{"type": "service_account", "private_key": "-----BEGIN"}', true],
    ['credentials.json', '{"type": "none"}', false],
    ['.env', undefined, false],
  ])('reads %s where there is a context (%j)', (name, text, expected) => {
    const context = { ...(text !== undefined && { [name]: text }), ...(text === undefined && { [name]: 'A_TOKEN=abc', '.dockerignore': '.env' }), main: '' };
    expect(findings(fileCopied, inStage(`COPY ${name} main /x/`), { context })).toHaveLength(expected ? 1 : 0);
  });

  it('looks through folders, not through tests, packages, ignored files or empty ones', () => {
    const secret = 'DB_PASSWORD=correct-horse\n';
    const context = { '.env': secret, 'a/.env': secret, 'b/.env': '', 'test/.env': secret, 'web/node_modules/x/id_rsa': keyHeader, 'c/id_rsa': keyHeader, '.dockerignore': 'c\n' };
    const whole = findings(fileCopied, inStage('COPY . /x'), { context });
    expect(whole.map(({ text }) => text)).toEqual(['.']);
    expect(whole[0]?.message).toContain('`.env`, `a/.env` along, which hold secrets');
    expect(findings(fileCopied, inStage('COPY a /x'), { context })).toHaveLength(1);
    expect(findings(fileCopied, inStage('COPY b test c /x/'), { context })).toEqual([]);
    expect(findings(fileCopied, inStage('COPY --exclude=.env . /x'), { context })).toEqual([]);
    expect(findings(fileCopied, inStage('COPY .env* /x/'), { context })).toHaveLength(1);
  });

  it('tells what ships from what only the cache keeps', () => {
    expect(findings(fileCopied, inStage('COPY .env /x/'))[0]?.message).toContain('everyone who has the image');
    expect(findings(fileCopied, 'FROM debian:12 AS b\nCOPY .env /x/\nFROM debian:12\nCOPY --from=b /y /y\n')[0]?.message).toContain('build cache');
    expect(findings(fileCopied, 'FROM debian:12 AS b\nCOPY .env /x/\nFROM debian:12\n')).toEqual([]);
  });
});

it('says of a build stage where its arguments are kept', () => {
  const text = 'FROM debian:12 AS build\nARG NPM_TOKEN\nRUN make\nFROM debian:12\nCOPY --from=build /app /app\n';
  expect(findings(inEnv, text)).toMatchObject([{ text: 'NPM_TOKEN', message: expect.stringContaining('cache and records') }]);
});

describe('what other tools find of security/secret-in-env', () => {
  const text = [
    'ARG GLOBAL_TOKEN', 'FROM debian:12 AS unused', 'ENV OLD_TOKEN=', 'FROM debian:12', 'ENV API_KEY=""', 'ENV TOKENIZERS_PARALLELISM=false', 'ARG DB_PASSWORD_FILE=/run/db',
    'ENV GOPRIVATE=example.com', 'ONBUILD ARG NPM_TOKEN', 'ENV AUTH=basic', 'ENV PORT=80', 'ARG HF_TOKEN', 'RUN x $HF_TOKEN',
    `RUN export AWS_SECRET_ACCESS_KEY=${token('', 40)}`,
  ].join('\n');

  it.each([
    ['hadolint/DL3064', [1, 3, 5, 9, 12]],
    ['buildkit/SecretsUsedInArgOrEnv', [3, 5, 10, 12]],
    ['trivy/DS-0031', [12]],
  ])('goes by %s', (code, lines) => {
    expect(linesByCode(inEnv, text, code).toSorted((a, b) => a - b)).toEqual(lines);
  });

  it('is left out where nobody asks', () => {
    expect(findings(inEnv, text).map((each) => each.text)).toEqual(['HF_TOKEN', 'AWS_SECRET_ACCESS_KEY']);
  });
});
