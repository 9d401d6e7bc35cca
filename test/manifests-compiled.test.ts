import { describe, it } from 'vitest';
import { check, json, sources, type Files, type Row } from './manifest-rows.ts';

const gems = { Gemfile: 'source "https://rubygems.org"\n# path: "."\ngem "rails", require: false\ngroup :test do\n  gem "x", git: "https://x/y"\nend\n', 'Gemfile.lock': '' };
const php = (more: object): Files => ({ 'composer.json': json({ require: { 'a/b': '^1' }, ...more }), 'composer.lock': '{}' });

const rubyPhp: readonly Row[] = [
  { about: 'bundler', run: 'bundle install', context: gems, place: { environment: { BUNDLE_DEPLOYMENT: '1' } }, files: ['Gemfile', 'Gemfile.lock'] },
  { about: 'bundler that may add to the lock file', run: 'bundle', context: gems, doubts: /Gemfile\.lock/ },
  { about: 'the version of Ruby', run: 'bundle install --frozen', context: { ...gems, Gemfile: 'ruby file: ".ruby-version"\n', '.ruby-version': '3.3' }, files: ['.ruby-version', 'Gemfile', 'Gemfile.lock'] },
  { about: 'the version of Ruby, missing', run: 'bundle install --frozen', context: { ...gems, Gemfile: 'ruby File.read(".ruby-version").strip\n' }, refuses: /\.ruby-version/ },
  ...(['gem "x", path: "engines/x"', 'gem "x", :path => "x"', 'path "engines" do', 'gemspec', 'eval_gemfile "other"', 'require_relative "x"', 'Dir["engines/*"].each { }', 'gem "x", `cat VERSION`'] as const)
    .map((line): Row => ({ about: line, run: 'bundle install --frozen', context: { ...gems, Gemfile: `${line}\n` }, refuses: /`Gemfile` (?:takes|reads|loads|looks)/ })),
  { about: 'another Gemfile', run: 'bundle install --frozen --gemfile=ci/Gemfile', context: { 'ci/Gemfile': '', 'ci/Gemfile.lock': '' }, files: ['ci/Gemfile', 'ci/Gemfile.lock'] },
  { about: 'another Gemfile by ENV', run: 'bundle install --frozen', context: gems, place: { directory: '/app', environment: { BUNDLE_GEMFILE: '/app/Gemfile' } }, files: ['Gemfile', 'Gemfile.lock'] },
  { about: 'gems in the context', run: 'bundle install --frozen', context: { ...gems, 'vendor/bundle/x': '' }, refuses: /vendor\/bundle/ },
  { about: 'gems beside', run: 'bundle install --frozen', context: { ...gems, 'vendor/cache/x.gem': '' }, refuses: /vendor\/cache/ },
  { about: 'gem', run: 'gem install rails', context: gems, files: [] },
  { about: 'composer', run: 'composer install --no-dev', context: php({ autoload: { 'psr-4': { 'App\\': 'src/' } } }), files: ['composer.json', 'composer.lock'] },
  { about: 'composer scripts', run: 'composer install', context: php({ scripts: { 'post-install-cmd': ['@php x'] } }), refuses: /--no-scripts/ },
  { about: 'composer scripts left out', run: 'composer install --no-scripts', context: php({ scripts: { 'post-autoload-dump': ['x'] } }), files: ['composer.json', 'composer.lock'] },
  { about: 'other composer scripts', run: 'composer install', context: php({ scripts: { test: 'phpunit' } }), files: ['composer.json', 'composer.lock'] },
  { about: 'a class map', run: 'composer install', context: php({ autoload: { classmap: ['src'] } }), refuses: /classmap/ },
  { about: 'an optimised autoloader', run: 'composer install -o', context: php({ autoload: { 'psr-4': { 'App\\': 'src/' } } }), refuses: /--no-autoloader/ },
  { about: 'an optimised autoloader by settings', run: 'composer install', context: php({ autoload: { 'psr-4': { 'App\\': 'src/' } }, config: { 'optimize-autoloader': true } }), refuses: /--no-autoloader/ },
  { about: 'no autoloader', run: 'composer install -o --no-autoloader --no-scripts', context: php({ autoload: { classmap: ['src'] } }), files: ['composer.json', 'composer.lock'] },
  { about: 'files to load', run: 'composer install', context: php({ autoload: { files: ['src/helpers.php'] } }), doubts: /plugins/ },
  { about: 'a path repository', run: 'composer install', context: php({ repositories: [{ type: 'path', url: 'packages/*' }] }), refuses: /packages\/\*/ },
  { about: 'other repositories', run: 'composer install', context: php({ repositories: { x: { type: 'vcs', url: 'https://x/y' }, 'packagist.org': false } }), files: ['composer.json', 'composer.lock'] },
  { about: 'a plugin', run: 'composer install --no-scripts', context: php({ require: { 'symfony/flex': '^2' } }), doubts: /symfony\/flex/ },
  { about: 'packages in the context', run: 'composer install', context: { ...php({}), 'vendor/autoload.php': '' }, refuses: /`vendor`/ },
  { about: 'packages in another place', run: 'composer install', context: { ...php({ config: { 'vendor-dir': 'lib' } }), 'lib/x.php': '' }, refuses: /`lib`/ },
  { about: 'composer require', run: 'composer require a/b', context: php({}), refuses: /composer require/ },
];

const pom = (inside: string): Files => ({ 'pom.xml': `<project>${inside}</project>`, 'src/Main.java': '' });
const csproj = '<Project Sdk="Microsoft.NET.Sdk"></Project>';

const compiled: readonly Row[] = [
  { about: 'go', run: 'go mod download', context: { 'go.mod': 'module x\n\ngo 1.22\n\nrequire (\n\ta/b v1.0.0\n)\nreplace a/b => c/d v1.2.3\n', 'go.sum': '', 'main.go': '' }, files: ['go.mod', 'go.sum'] },
  { about: 'go without sums', run: 'go mod download', context: { 'go.mod': 'module x\n' }, files: ['go.mod'] },
  { about: 'a replaced module', run: 'go mod download', context: { 'go.mod': 'module x\nreplace a/b v1 => ./b // why\n' }, refuses: /replaces a module by `\.\/b`/ },
  { about: 'replaced modules', run: 'go mod download', context: { 'go.mod': 'module x\nreplace (\n\ta/b => ../b\n)\n' }, refuses: /\.\.\/b/ },
  { about: 'a commented replacement', run: 'go mod download', context: { 'go.mod': 'module x\n// replace a/b => ../b\n' }, files: ['go.mod'] },
  { about: 'a Go workspace switched off', run: 'GOWORK=off go mod download', context: { 'go.work': '', 'go.mod': 'module x\n' }, files: ['go.mod'] },
  { about: 'vendored modules', run: 'go mod download', context: { 'go.mod': 'module x\n', 'vendor/modules.txt': '' }, refuses: /vendor/ },
  { about: 'a Go tool', run: 'go install x/y@v1', context: { 'go.mod': 'module x\nreplace a => ./a\n' }, files: [] },
  { about: 'go get', run: 'go get x/y', context: { 'go.mod': 'module x\n' }, refuses: /writes go\.mod/ },
  { about: 'go get ./...', run: 'go get ./...', context: { 'go.mod': 'module x\n' }, refuses: /imports/ },
  { about: 'other modules by flags', run: 'GOFLAGS=-modfile=x.mod go mod download', context: { 'go.mod': 'module x\n' }, refuses: /GOFLAGS/ },
  { about: 'cargo fetch', run: 'cargo fetch', context: { 'Cargo.toml': '[package]\nname = "x"\n', 'Cargo.lock': '', 'rust-toolchain.toml': '', 'src/main.rs': '' }, files: ['Cargo.lock', 'Cargo.toml', 'rust-toolchain.toml'], refuses: /src\/main\.rs/ },
  { about: 'cargo chef', run: 'cargo chef cook --recipe-path recipe.json', context: { 'Cargo.toml': '' }, doubts: /cargo-chef/ },
  { about: 'cargo install', run: 'cargo install ripgrep', context: { 'Cargo.toml': '', '.cargo/config.toml': '[build]\njobs = 2\n' }, files: ['.cargo/config.toml'] },
  { about: 'crates in a folder', run: 'cargo install ripgrep', context: { '.cargo/config.toml': '[source.v]\ndirectory = "vendor"\n' }, refuses: /from a folder/ },
  { about: 'cargo install of the project', run: 'cargo install --path .', context: { 'Cargo.toml': '' }, refuses: /builds the project/ },
  { about: 'maven', run: 'mvn -B dependency:go-offline', context: { ...pom('<dependencies/>'), '.mvn/jvm.config': '' }, files: ['.mvn/jvm.config', 'pom.xml'] },
  { about: 'the Maven wrapper', run: './mvnw dependency:resolve', context: { ...pom(''), mvnw: '', '.mvn/wrapper/maven-wrapper.properties': '' }, files: ['.mvn/wrapper/maven-wrapper.properties', 'mvnw', 'pom.xml'] },
  { about: 'commented modules', run: 'mvn dependency:go-offline', context: pom('<!-- <modules><module>a</module></modules> -->'), files: ['pom.xml'] },
  { about: 'a parent in the sources', run: 'mvn dependency:go-offline', context: { 'pom.xml': '', 'app/pom.xml': '<project><properties><parent.version>1</parent.version></properties><parent><artifactId>p</artifactId></parent></project>' }, folder: 'app', files: ['app/pom.xml', 'pom.xml'] },
  { about: 'a parent in the repository', run: 'mvn dependency:go-offline', context: { 'pom.xml': '', 'app/pom.xml': '<project><parent><artifactId>p</artifactId><relativePath/></parent></project>' }, folder: 'app', files: ['app/pom.xml'] },
  { about: 'a dependency on disk', run: 'mvn dependency:go-offline', context: pom('<systemPath>${basedir}/lib/a.jar</systemPath>'), refuses: /from a path/ },
  { about: 'Maven extensions', run: 'mvn dependency:go-offline', context: { ...pom(''), '.mvn/extensions.xml': '' }, doubts: /extensions/ },
  { about: 'another pom and settings', run: 'mvn -f app -s settings.xml dependency:resolve', context: { 'app/pom.xml': '<project/>', 'settings.xml': '' }, files: ['app/pom.xml', 'settings.xml'] },
  { about: 'another pom, glued', run: 'mvn -fapp/pom.xml dependency:resolve', context: pom(''), refuses: /can't be told/ },
  { about: 'gradle', run: './gradlew dependencies', context: { 'build.gradle.kts': 'plugins { }', 'settings.gradle.kts': 'rootProject.name = "x"', 'gradle.properties': '', gradlew: '', 'gradle/wrapper/gradle-wrapper.properties': '', 'gradle/libs.versions.toml': '', 'src/A.kt': '' }, files: ['build.gradle.kts', 'gradle.properties', 'gradle/libs.versions.toml', 'gradle/wrapper/gradle-wrapper.properties', 'gradlew', 'settings.gradle.kts'], doubts: /is a program/ },
  { about: 'gradle projects', run: 'gradle dependencies', context: { 'settings.gradle': "include 'app',\n  'lib'\n" }, refuses: /includes other projects/ },
  { about: 'gradle builds', run: 'gradle dependencies', context: { 'settings.gradle.kts': 'includeBuild("x")' }, refuses: /includes other projects/ },
  { about: 'gradle comments', run: 'gradle dependencies', context: { 'settings.gradle': "// include 'a'\n/* include 'b' */" }, files: ['settings.gradle'], doubts: /is a program/ },
  { about: 'a gradle script elsewhere', run: 'gradle dependencies', context: { 'build.gradle': 'apply from: "$rootDir/gradle/x.gradle"\napply from: file("y")', 'gradle/x.gradle': '' }, files: ['build.gradle', 'gradle/x.gradle'], refuses: /applies a script/ },
  { about: 'buildSrc', run: 'gradle dependencies', context: { 'build.gradle': '', 'buildSrc/build.gradle': '' }, refuses: /buildSrc/ },
  { about: 'part of a larger build', run: 'gradle dependencies', context: { 'settings.gradle': '', 'app/build.gradle': '' }, folder: 'app', refuses: /larger build/ },
  { about: 'dotnet', run: 'dotnet restore', context: { 'App.csproj': csproj, 'packages.lock.json': '', 'Directory.Build.props': '<Project/>', 'NuGet.Config': '<packageSources><add key="n" value="https://x" /></packageSources>', 'global.json': '{}', 'Program.cs': '' }, files: ['App.csproj', 'Directory.Build.props', 'NuGet.Config', 'global.json', 'packages.lock.json'] },
  { about: 'projects that refer to each other keep their places', run: 'dotnet restore src/App/App.csproj', context: { 'Directory.Packages.props': '<Project/>', 'src/App/App.csproj': '<Project><ProjectReference Include="..\\Lib\\Lib.csproj" /></Project>', 'src/Lib/Lib.csproj': '<Project><ProjectReference Include="../App/App.csproj" /></Project>', 'src/Other/Other.csproj': csproj }, files: ['Directory.Packages.props', 'src/App/App.csproj', 'src/Lib/Lib.csproj'] },
  { about: 'a solution', run: 'dotnet restore', context: { 'x.sln': 'Project("{A}") = "App", "src\\App\\App.csproj", "{B}"\nEndProject\nProject("{C}") = "src", "src", "{D}"\nEndProject\n', 'src/App/App.csproj': csproj }, files: ['src/App/App.csproj', 'x.sln'] },
  { about: 'a new solution', run: 'dotnet restore x.slnx', context: { 'x.slnx': '<Solution><Folder Name="/s/"><Project Path="a/a.fsproj" /></Folder></Solution>', 'a/a.fsproj': csproj }, files: ['a/a.fsproj', 'x.slnx'] },
  { about: 'a solution with another kind', run: 'dotnet restore', context: { 'x.sln': 'Project("{A}") = "w", "w\\w.esproj", "{B}"\n', 'w/w.esproj': '' }, refuses: /another kind/ },
  { about: 'a variable in a reference', run: 'dotnet restore', context: { 'a.csproj': '<Project><ProjectReference Include="$(Root)\\b.csproj" /></Project>' }, refuses: /can't be told/ },
  { about: 'a missing reference', run: 'dotnet restore', context: { 'a.csproj': '<Project><ProjectReference Include="..\\b.csproj" /></Project>' }, refuses: /outside/ },
  { about: 'imports', run: 'dotnet restore', context: { 'a.csproj': '<Project><Import Project="$(MSBuildThisFileDirectory)eng/x.props" /><Import Sdk="S" Project="Sdk.props" /></Project>', 'eng/x.props': '<Project/>' }, files: ['a.csproj', 'eng/x.props'] },
  { about: 'packages in a folder', run: 'dotnet restore', context: { 'a.csproj': csproj, 'nuget.config': '<packageSources><clear /><add key="l" value="./packages" /></packageSources>' }, refuses: /a folder/ },
  { about: 'several projects', run: 'dotnet restore', context: { 'a.csproj': csproj, 'b.csproj': csproj }, refuses: /several/ },
  { about: 'no project', run: 'dotnet restore', context: sources, refuses: /no project/ },
  { about: 'what was restored before', run: 'dotnet restore src/a/a.csproj', context: { 'src/a/a.csproj': csproj, 'src/a/obj/project.assets.json': '' }, refuses: /src\/a\/obj/ },
  { about: 'tools', run: 'dotnet tool restore', context: { '.config/dotnet-tools.json': '{}' }, files: ['.config/dotnet-tools.json'] },
  { about: 'mix', run: 'mix deps.get --check-locked', context: { 'mix.exs': 'defp deps do\n  [{:a, "~> 1.0"}, {:b, github: "x/y"}]\nend\n', 'mix.lock': '', 'config/config.exs': '' }, files: ['mix.exs', 'mix.lock'] },
  { about: 'mix that may lock anew', run: 'mix deps.get', context: { 'mix.exs': '', 'mix.lock': '' }, doubts: /mix\.lock/ },
  { about: 'mix with a path', run: 'mix deps.get', context: { 'mix.exs': '{:a, path: "../a"}' }, refuses: /from a path/ },
  { about: 'mix umbrella', run: 'mix deps.get', context: { 'mix.exs': 'apps_path: "apps",' }, refuses: /umbrella/ },
  { about: 'mix that looks into files', run: 'mix deps.get', context: { 'mix.exs': '@version File.read!("VERSION")' }, refuses: /looks into files/ },
  { about: 'mix, compiled dependencies', run: 'mix deps.compile', context: { 'mix.exs': '', 'mix.lock': '', 'config/config.exs': '' }, files: ['config/config.exs', 'mix.exs', 'mix.lock'], doubts: /configuration/ },
  { about: 'mix output', run: 'mix deps.get', context: { 'mix.exs': '', 'deps/a/mix.exs': '' }, refuses: /`deps`/ },
];

/** Commands that write their lock file or manifest: after a split the later COPY would undo that. */
const rewriting: readonly Row[] = ['go mod tidy', 'cargo update', 'composer update', 'poetry lock', 'bundle lock', 'uv lock', 'uv pip compile r.in', 'pnpm import', 'npm pkg set a=b', 'yarn dedupe']
  .map((run): Row => ({ about: run, run, context: sources, refuses: /is no install/ }));

const system: readonly Row[] = [
  { about: 'packages of the system', run: 'apt-get install -y curl $EXTRA', context: sources, files: [] },
  { about: 'lists', run: 'apt-get update', context: sources, files: [] },
  { about: 'a package as a file', run: 'apt-get install -y ./a.deb', context: { 'a.deb': '' }, files: ['a.deb'] },
  { about: 'a package as a missing file', run: 'apk add --allow-untrusted a.apk', context: sources, refuses: /a\.apk/ },
  { about: 'a package at an address', run: 'dnf install -y https://x/a.rpm', context: sources, files: [] },
];

describe.each(Object.entries({ rubyPhp, compiled, rewriting, system }))('readInstallInputs: %s', (_, rows) => {
  it.each(rows.map((row) => [row.about, row] as const))('%s', (_about, row) => { check(row); });
});
