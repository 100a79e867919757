// Checks which folder imports which (import-rules.mjs says what is allowed), and that neither files nor folders import each
// other in a circle. The `needs` of a Lua script count as its imports.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { parseAst, Visitor } from 'vite';
import { findCircles } from './find-circles.mjs';
import { findFolderCircles } from './find-folder-circles.mjs';
import { KIT, LAYERS, PACKAGES, PLUGIN_INTERFACES, PLUGINS } from './import-rules.mjs';
import { resolveNeeds } from './lua-needs.mjs';
import { ROOT } from './run.mjs';
import { sourceFiles } from './source-files.mjs';

const CONSOLE = 'apps/console/';
const readPackage = (folder) => JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
/** The console is built into files, so that the packages of its own are needed for that alone. */
const DECLARED = { root: readPackage('.').dependencies, console: readPackage(CONSOLE).devDependencies };
const declaredFor = (file) => (file.startsWith(CONSOLE) ? DECLARED.console : DECLARED.root);
const BUILT_IN = new Set(builtinModules);
/** Specs, what serves them alone, and the configuration of a build may reach for everything. */
const isForTests = (file) =>
  file.startsWith('test/') || /(\.spec|\/fixtures|\/fake-provider|\/vite\.config)\.ts$|^libs\/[^/]+\/test\//.test(file);

const files = ['apps', 'libs', 'test'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules')),
);
const imports = new Map(files.map((file) => [file, importsOf(file)]));
const scripts = ['apps', 'libs'].flatMap((folder) => sourceFiles(ROOT, folder, ['lua']));
for (const file of scripts) imports.set(file, needsOf(file));

/** Each import of a file, of types too: `to` is a file of the repository or the name of a package. */
function importsOf(file) {
  const specifiers = [];
  const take = ({ source }) => source?.value && specifiers.push(source.value);
  new Visitor({
    ImportDeclaration: take,
    ExportAllDeclaration: take,
    ExportNamedDeclaration: take,
    ImportExpression: take,
    TSImportType: take,
  }).visit(parseAst(readFileSync(join(ROOT, file), 'utf8'), { lang: file.endsWith('x') ? 'tsx' : 'ts' }));
  return specifiers.map((specifier) => ({ specifier, ...resolve(file, specifier) }));
}

/** Each script that a script of Lua needs, as an import: of another library by its name. */
function needsOf(file) {
  return resolveNeeds(file, readFileSync(join(ROOT, file), 'utf8'), scripts).map(({ name, file: needed }) => {
    const library = needed?.split('/')[1];
    const isOwn = library === file.split('/')[1];
    return { specifier: needed && !isOwn ? `#libs/${library}` : name, file: needed ?? `${name}.lua` };
  });
}

function resolve(from, specifier) {
  if (specifier.startsWith('.')) {
    const path = relative(ROOT, join(ROOT, dirname(from), specifier));
    const sources = ['.ts', '.tsx', '.d.ts'].map((extension) => path.replace(/\.js$/, extension));
    return { file: sources.find((source) => existsSync(join(ROOT, source))) ?? sources[0] };
  }
  const [, library, plugin] = /^#libs\/([^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  // The schemas of one settings resource, without its rules.
  if (plugin) return { file: `libs/${library}/src/${plugin}/schemas.ts` };
  if (library) return { file: `libs/${library}/src/index.ts` };
  if (specifier.startsWith('node:') || BUILT_IN.has(specifier)) return {};
  return { package: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/') };
}

/** The plug-in of a file: its kind and its name; undefined for all other files. */
function pluginOf(file) {
  const rules = PLUGINS.find(({ folder }) => file.startsWith(folder));
  const [name, ...rest] = rules ? file.slice(rules.folder.length).split('/') : [];
  return rest.length > 0 && name !== KIT ? { rules, name, owner: `${rules.kind} ${name}` } : undefined;
}

/** Importers of each package, present or allowed: plug-ins by their names, all others as the core. */
const importers = new Map(
  Object.values(PACKAGES).flatMap((names) => names.map((name) => [name, new Set(['the core'])])),
);
for (const [file, targets] of imports) {
  if (isForTests(file)) continue;
  for (const { package: name } of targets)
    if (name) importers.set(name, (importers.get(name) ?? new Set()).add(pluginOf(file)?.owner ?? 'the core'));
}

/** The problem with one import; undefined if there is none. */
function problemOf(file, target) {
  if (target.file && !existsSync(join(ROOT, target.file))) return 'there is no such file';
  if (isForTests(file)) return undefined;
  if (target.package && !declaredFor(file)[target.package]) return `${target.package} is no dependency in package.json`;
  if (target.file && isForTests(target.file)) return 'tests are not part of the product';
  return file.startsWith('libs/') ? problemInLibrary(file, target) : problemInApplication(file, target);
}

function problemInApplication(file, target) {
  const [, app] = file.split('/');
  if (target.file?.startsWith('apps/') && target.file.split('/')[1] !== app)
    return 'applications do not import each other';
  if (target.file?.startsWith('libs/') && !target.specifier.startsWith('#libs/'))
    return `write #libs/${target.file.split('/')[1]}`;
  return undefined;
}

function problemInLibrary(file, target) {
  const [, library] = file.split('/');
  const layer = LAYERS.findIndex((names) => names.includes(library));
  if (layer < 0) return `libs/${library} has no place in scripts/import-rules.mjs`;
  const plugin = pluginOf(file);
  if (plugin) return problemInPlugin(plugin, target);
  if (target.package) {
    return PACKAGES[library]?.includes(target.package) ? undefined : `libs/${library} does without ${target.package}`;
  }
  if (!target.file) return undefined;
  const [kind, other] = target.file.split('/');
  if (kind === 'apps') return 'no library imports an application';
  if (other === library)
    return target.specifier.startsWith('#libs/') ? 'a library imports its own files by path' : undefined;
  if (!target.specifier.startsWith('#libs/')) return `write #libs/${other}`;
  const below = LAYERS.slice(0, layer).some((names) => names.includes(other));
  return below ? undefined : `libs/${other} does not stand below libs/${library}`;
}

/** Whether the file is the entry of a client library that the plug-in may import. */
const isClientOf = ({ rules, name }, file) =>
  Object.entries(rules.clients).some(
    ([library, names]) => file === `libs/${library}/src/index.ts` && names.includes(name),
  );

function problemInPlugin(plugin, target) {
  const { rules, name, owner } = plugin;
  if (target.package) {
    const others = [...(importers.get(target.package) ?? [])].filter((other) => other !== owner);
    return rules.packages.includes(target.package) || others.length === 0
      ? undefined
      : `a client library belongs to one ${rules.kind}, and ${others.join(', ')} imports it too`;
  }
  if (target.file === undefined || target.file.startsWith(`${rules.folder}${name}/`)) return undefined;
  const allowed = rules.files.some((file) =>
    file.endsWith('/') ? target.file.startsWith(file) : target.file === file,
  );
  return allowed || isClientOf(plugin, target.file)
    ? undefined
    : `a ${rules.kind} imports its own folder and ${rules.files.join(', ')} only`;
}

const problems = [];
for (const [file, targets] of imports) {
  for (const target of targets) {
    const problem = problemOf(file, target);
    if (problem) problems.push(`${file}: import '${target.specifier}': ${problem}`);
  }
}
const graph = new Map([...imports].map(([file, targets]) => [file, targets.flatMap((target) => target.file ?? [])]));
for (const circle of findCircles(graph)) problems.push(`circle: ${circle.join(' → ')}`);
const ofProduct = new Map([...graph].filter(([file]) => !isForTests(file)));
for (const { circle, imports: steps } of findFolderCircles(ofProduct, PLUGIN_INTERFACES))
  problems.push(`circle of folders: ${circle.join(' → ')}\n  ${steps.join('\n  ')}`);

for (const problem of problems) console.error(problem);
console.log(`${files.length} files, ${problems.length} forbidden imports`);
process.exit(problems.length > 0 ? 1 : 0);
