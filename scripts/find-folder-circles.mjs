// Finds circles between folders, from the imports of their files.
//
// Inside each folder, its subfolders (each with all that is below it) and its own files (together) must import each other
// in one direction. A folder whose files register plug-ins declares its plug-in interface (import-rules.mjs): that file,
// with the files of the same folder that it needs, is a part of its own below the plug-ins. So
//   src/registry.ts → src/slack → src/channel.ts   is no circle, since src/channel.ts does not import src/slack;
//   src/main.ts → src/board → src/names.ts         is one: move names.ts into a folder, or below src/board.
import { dirname } from 'node:path';
import { findCircles } from './find-circles.mjs';

/** Files of one folder that a file of it needs, itself included. */
function closureInFolder(graph, file) {
  const closure = new Set([file]);
  for (const member of closure)
    for (const next of graph.get(member) ?? []) if (dirname(next) === dirname(file)) closure.add(next);
  return closure;
}

/** Each file of a plug-in interface, with the declared file that it belongs to. */
function interfaceFiles(graph, interfaces) {
  return new Map(interfaces.flatMap((file) => [...closureInFolder(graph, file)].map((member) => [member, file])));
}

/** The part of a folder that a file below it belongs to: a subfolder, a plug-in interface, or the folder's own files. */
function partOf(folder, file, ofInterface) {
  const rest = folder === '.' ? file : file.slice(folder.length + 1);
  const slash = rest.indexOf('/');
  if (slash >= 0) return file.slice(0, file.length - rest.length + slash);
  return ofInterface.get(file) ?? `${folder}/*`;
}

/** The innermost folder that holds both files. */
function commonFolder(one, other) {
  const folders = dirname(one).split('/');
  const others = dirname(other).split('/');
  let depth = 0;
  while (depth < folders.length && folders[depth] === others[depth]) depth++;
  return folders.slice(0, depth).join('/') || '.';
}

/** One circle for each group of parts that import each other, each step with an import that makes it. */
export function findFolderCircles(graph, interfaces = []) {
  const ofInterface = interfaceFiles(graph, interfaces);
  const folders = new Map();
  const examples = new Map();
  for (const [file, targets] of graph) {
    for (const target of targets) {
      const folder = commonFolder(file, target);
      const [from, to] = [partOf(folder, file, ofInterface), partOf(folder, target, ofInterface)];
      if (from === to) continue;
      const parts = folders.get(folder) ?? folders.set(folder, new Map()).get(folder);
      parts.set(from, [...(parts.get(from) ?? []), to]);
      if (!parts.has(to)) parts.set(to, []);
      if (!examples.has(`${from} ${to}`)) examples.set(`${from} ${to}`, `${file} → ${target}`);
    }
  }
  return [...folders.values()].flatMap((parts) =>
    findCircles(parts).map((circle) => ({
      circle,
      imports: circle.slice(1).map((to, index) => examples.get(`${circle[index]} ${to}`)),
    })),
  );
}
