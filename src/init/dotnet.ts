import type { BuildContext } from '../context/context.ts';
import { ConfigError, listed } from '../config/error.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { cache, command, createUser, expose, fileOf, isName, isPath, json, run, syntax } from './text.ts';
import { versions } from './versions.ts';

const forTests = /(?:^|[./])(?:tests?|specs?|benchmarks?)(?:[./]|$)|Tests?\.\w+$/i;

const projectFiles = (context: BuildContext): string[] =>
  context.files.filter((path) => /\.(?:cs|fs|vb)proj$/.test(path) && path.split('/').length <= 4 && isPath(path) && !forTests.test(path));

const isWeb = (text: string): boolean => /Sdk="Microsoft\.NET\.Sdk\.Web"/.test(text);
const isProgram = (text: string): boolean => isWeb(text) || /<OutputType>\s*Exe\s*</i.test(text) || /Sdk="Microsoft\.NET\.Sdk\.Worker"/.test(text);

/** The project that ships: the one web project, else the one program. */
function projectOf(context: BuildContext): string {
  const programs = projectFiles(context).filter((path) => isProgram(context.read(path) ?? ''));
  const web = programs.filter((path) => isWeb(context.read(path) ?? ''));
  const candidates = web.length > 0 ? web : programs;
  const [only] = candidates;
  if (only === undefined) throw new ConfigError('No project here makes a program: none is of the web SDK or has the output type Exe.');
  if (candidates.length > 1) {
    const names = listed(candidates.slice(0, 5), 'and');
    throw new ConfigError(`There are several programs here (${names}), and which of them ships only you know; give the folder of one.`);
  }
  return only;
}

/** `net8.0`; .NET Framework and .NET Standard have no image of Linux. */
function versionOf(context: BuildContext, text: string): string {
  const shared = context.read('Directory.Build.props') ?? '';
  const frameworks = /<TargetFrameworks?>([^<]+)</.exec(`${text}\n${shared}`)?.[1]?.split(';') ?? [];
  const framework = frameworks.map((each) => each.trim()).findLast((each) => /^net\d{1,2}\.\d$/.test(each));
  if (framework === undefined && /<TargetFrameworks?>\s*(?:net\d{2,3}|netstandard[\d.]*|netcoreapp[\d.]*)\s*</.test(text)) {
    throw new ConfigError('The target framework has no image of Linux that is still served; .NET 5 and later have one.');
  }
  return framework?.slice(3) ?? versions.dotnet.usual;
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const path = projectOf(context);
  const text = context.read(path) ?? '';
  const version = versionOf(context, text);
  const file = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const named = /<AssemblyName>([^<]+)</.exec(text)?.[1]?.trim() ?? file;
  const name = isName(named) ? named : file;
  const web = isWeb(text);
  const isOld = Number(version.split('.')[0]) < 8;
  const words = wishes.start ?? ['dotnet', `${name}.dll`];
  const port = wishes.port ?? (web ? 8080 : undefined);
  const listens = web && (isOld || port !== 8080) ? (isOld ? `ENV ASPNETCORE_URLS=http://+:${port}` : `ENV ASPNETCORE_HTTP_PORTS=${port}`) : undefined;
  return {
    dockerfile: fileOf(
      ...syntax, `FROM mcr.microsoft.com/dotnet/sdk:${version} AS build`, 'WORKDIR /src', 'COPY . .', '# The cache keeps packages between builds',
      run([cache('/root/.nuget/packages')], `dotnet publish ${path} -c Release -o /out -p:UseAppHost=false`),
      '', '# What runs needs no SDK', `FROM mcr.microsoft.com/dotnet/${web ? 'aspnet' : 'runtime'}:${version}`, isOld && createUser,
      'WORKDIR /app', 'COPY --from=build /out ./',
      '', listens, 'USER app', expose(port), wishes.start === undefined ? `ENTRYPOINT ${json(words)}` : command(words),
    ),
    start: words, port, notes: [],
  };
}

export const dotnet: Ecosystem = {
  title: '.NET',
  mark: (context) => context.files.find((path) => /^[^/]+\.(?:slnx?|[cfv][sb]proj)$/.test(path))
    ?? projectFiles(context).find((path) => path.split('/').length === 2),
  plan,
};
