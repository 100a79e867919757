/** Names of the scripts that a script of Lua needs, from its first line: `-- needs: mailbox, claim`. */
export function namesNeeded(text) {
  const [, names] = /^-- needs:([^\n]*)/.exec(text) ?? [];
  return (names ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/**
 * Files of the scripts that a script needs, from all files of Lua: of its own folder if there is one of that name, else of
 * any. `file` is undefined where there is none, or more than one.
 */
export function resolveNeeds(file, text, files) {
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  return namesNeeded(text).map((name) => {
    const own = `${folder}${name}.lua`;
    const matches = files.includes(own) ? [own] : files.filter((other) => other.endsWith(`/${name}.lua`));
    return { name, file: matches.length === 1 ? matches[0] : undefined };
  });
}
