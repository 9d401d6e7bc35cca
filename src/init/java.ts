import type { BuildContext } from '../context/context.ts';
import { ConfigError } from '../config/error.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { portIn } from './ports.ts';
import { cache, command, createUser, expose, fileOf, isName, isPath, run, syntax } from './text.ts';
import { stated, versions } from './versions.ts';

/** What is known of a project of Maven or Gradle. */
interface Facts {
  readonly build: string;
  readonly java: string;
  readonly isSpring: boolean;
  readonly isQuarkus: boolean;
}

/** The release under long support that can build for the version: `1.8` is 8, 19 is built by 21. */
function javaVersion(text: string): string {
  const found = [
    /<(?:java\.version|maven\.compiler\.(?:release|target|source)|release|jdk\.version)>\s*(?:1\.)?(\d+)\s*</,
    /JavaLanguageVersion\.of\(\s*["']?(\d+)/, /jvmToolchain\(\s*(\d+)/,
    /(?:sourceCompatibility|targetCompatibility)\s*=?\s*(?:JavaVersion\.(?:toVersion\()?(?:VERSION_)?)?\s*["']?(?:1[._])?(\d+)/,
  ].map((pattern) => Number(pattern.exec(text)?.[1] ?? '')).find((version) => version >= 8);
  return found === undefined ? versions.java.usual : versions.java.all.toReversed().find((each) => Number(each) >= found) ?? versions.java.usual;
}

function factsOf(text: string): Facts {
  // Single blanks keep the patterns quick whatever the file holds.
  const build = text.replace(/\s+/g, ' ');
  return {
    build, java: javaVersion(build), isSpring: /spring-boot|org\.springframework\.boot/.test(build), isQuarkus: /quarkus-maven-plugin|io\.quarkus/.test(build),
  };
}

const settings = ['src/main/resources/application.properties', 'src/main/resources/application.yml', 'src/main/resources/application.yaml'];

const portSettings = [
  /^(?:server|quarkus\.http)\.port\s*=\s*(?:\$\{\w+:)?(\d{2,5})/m, /^server:[ \t]*\n(?:[ \t]+.*\n)*?[ \t]+port:\s*(?:\$\{\w+:)?(\d{2,5})/m,
];

function portOf(context: BuildContext, { build, isSpring, isQuarkus }: Facts): number | undefined {
  const isSpringWeb = isSpring && /spring-boot-starter-(?:web|webflux|jersey|graphql)/.test(build);
  const isWeb = isQuarkus || isSpringWeb || /\b(?:javalin|micronaut|vertx-web|ktor-server)\b/.test(build);
  return portIn(context, settings, portSettings) ?? (isWeb ? 8080 : undefined);
}

/** How a build is run, and where what it makes lies. */
interface Tool {
  readonly image: string;
  readonly build: string;
  readonly cacheFolder: string;
  readonly outputs: string;
}

/** The wrapper states the version of the tool, and fetches it. */
const hasWrapper = (context: BuildContext, script: string, properties: string): boolean => context.has(script) && context.has(properties);

function maven(context: BuildContext, { java }: Facts): Tool {
  const wrapped = hasWrapper(context, 'mvnw', '.mvn/wrapper/maven-wrapper.properties');
  const image = wrapped ? `eclipse-temurin:${java}-jdk` : `maven:${versions.maven.usual}-eclipse-temurin-${java}`;
  return { image, build: `${wrapped ? './mvnw' : 'mvn'} -B package -DskipTests`, cacheFolder: '/root/.m2', outputs: 'target' };
}

function gradle(context: BuildContext, { java, isSpring, isQuarkus }: Facts): Tool {
  const wrapped = hasWrapper(context, 'gradlew', 'gradle/wrapper/gradle-wrapper.properties') && context.has('gradle/wrapper/gradle-wrapper.jar');
  const wanted = stated(/gradle-(\d[\d.]*)-/.exec(context.read('gradle/wrapper/gradle-wrapper.properties') ?? '')?.[1]);
  const image = wrapped ? `eclipse-temurin:${java}-jdk` : `gradle:${wanted ?? versions.gradle.usual}-jdk${java}`;
  const task = isSpring ? 'bootJar' : isQuarkus ? 'quarkusBuild' : 'installDist';
  const cacheFolder = wrapped ? '/root/.gradle' : '/home/gradle/.gradle';
  return { image, build: `${wrapped ? './gradlew' : 'gradle'} --no-daemon ${task}`, cacheFolder, outputs: 'build' };
}

/** Where the program lies behind the build, and what starts it. */
interface Program {
  readonly from: string;
  readonly to: string;
  readonly words: readonly string[];
  readonly notes: readonly string[];
}

const buildFiles = ['pom.xml', 'build.gradle', 'build.gradle.kts'];

const gradleSettings = (context: BuildContext): string => `${context.read('settings.gradle') ?? ''}\n${context.read('settings.gradle.kts') ?? ''}`;

function gradleName(context: BuildContext): string {
  const name = /rootProject\.name\s*=\s*["']([^"'\n]+)["']/.exec(gradleSettings(context))?.[1] ?? '';
  if (isName(name)) return name;
  throw new ConfigError('What the program is called can\'t be told: name it with rootProject.name in settings.gradle.');
}

function programOf(context: BuildContext, facts: Facts, { outputs }: Tool, module: string): Program {
  const below = (path: string): string => `/src/${module === '' ? '' : `${module}/`}${outputs}/${path}`;
  if (facts.isQuarkus) return { from: below('quarkus-app'), to: './', words: ['java', '-jar', 'quarkus-run.jar'], notes: [] };
  if (outputs === 'build' && !facts.isSpring) {
    const name = gradleName(context);
    const isApplication = /id\s*\(?\s*["']application["']|apply plugin:\s*["']application["']/.test(facts.build);
    const note = 'The build needs the plugin `application` for the task `installDist`: add it, or name another task.';
    return { from: below(`install/${name}`), to: './', words: [`bin/${name}`], notes: isApplication ? [] : [note] };
  }
  const jar = outputs === 'target' ? '*.jar' : 'libs/*.jar';
  return {
    from: below(jar), to: 'app.jar', words: ['java', '-jar', 'app.jar'],
    notes: facts.isSpring ? [] : ['The archive has to name its main class and hold its libraries: look whether `java -jar` starts it.'],
  };
}

/** The module of a build of several that makes the program: the one that is packaged for Spring Boot. */
function moduleOf(context: BuildContext, build: string): string {
  const modules = [...build.matchAll(/<module>\s*([^<\s]+)\s*<\/module>/g)].map((match) => match[1] ?? '');
  const includes = gradleSettings(context).split('\n').filter((line) => /^\s*include\b/.test(line));
  const included = includes.flatMap((line) => [...line.matchAll(/["']:?([\w:.-]+)["']/g)].map((match) => (match[1] ?? '').replaceAll(':', '/')));
  const all = [...modules, ...included].filter(isPath);
  if (all.length === 0) return '';
  const makesProgram = /spring-boot-maven-plugin|org\.springframework\.boot["']|quarkus-maven-plugin|["']application["']/;
  const starts = all.filter((each) => buildFiles.some((name) => makesProgram.test(context.read(`${each}/${name}`) ?? '')));
  const [only] = starts;
  if (starts.length === 1 && only !== undefined) return only;
  throw new ConfigError(`The build has several modules (${all.slice(0, 5).join(', ')}), and which of them ships only you know; give the folder of one.`);
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const textsIn = (folder: string): string => buildFiles.map((name) => context.read(`${folder}${name}`) ?? '').join('\n');
  const own = textsIn('');
  const module = moduleOf(context, own);
  const facts = factsOf(`${own}\n${module === '' ? '' : textsIn(`${module}/`)}`);
  const isMaven = context.has('pom.xml');
  const tool = isMaven ? maven(context, facts) : gradle(context, facts);
  const program = programOf(context, facts, tool, module);
  const words = wishes.start ?? program.words;
  const port = wishes.port ?? portOf(context, facts);
  const part = module === '' ? '' : isMaven ? ` -pl ${module} -am` : '';
  const build = module !== '' && !isMaven ? tool.build.replace(/ (\w+)$/, ` :${module.replaceAll('/', ':')}:$1`) : tool.build;
  return {
    dockerfile: fileOf(
      ...syntax, `FROM ${tool.image} AS build`, 'WORKDIR /src', 'COPY . .', '# The cache keeps what was downloaded between builds',
      run([cache(tool.cacheFolder)], `${build}${part}`),
      '', '# What runs needs no compiler', `FROM eclipse-temurin:${facts.java}-jre`, createUser, 'WORKDIR /app',
      `COPY --from=build ${program.from} ${program.to}`,
      '', 'USER app', expose(port), command(words),
    ),
    start: words, port, notes: wishes.start === undefined ? program.notes : [],
  };
}

export const java: Ecosystem = {
  title: 'Java',
  mark: (context) => buildFiles.find((path) => context.has(path)),
  plan,
};
