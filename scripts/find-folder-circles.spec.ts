import { describe, expect, it } from 'vitest';
import { findFolderCircles } from './find-folder-circles.mjs';
import { namesNeeded, resolveNeeds } from './lua-needs.mjs';

const find = (imports: Record<string, string[]>, interfaces: string[] = []): string[] =>
  findFolderCircles(new Map(Object.entries(imports)), interfaces).map(({ circle }: { circle: string[] }) =>
    circle.join(' '),
  );

describe('findFolderCircles', () => {
  it('finds two folders whose files import each other, though no file does', () => {
    const circles = findFolderCircles(
      new Map([
        ['l/a/one.ts', ['l/b/one.ts']],
        ['l/b/two.ts', ['l/a/two.ts']],
      ]),
    );
    expect(circles).toEqual([
      { circle: ['l/a', 'l/b', 'l/a'], imports: ['l/a/one.ts → l/b/one.ts', 'l/b/two.ts → l/a/two.ts'] },
    ]);
  });

  it('finds a circle by a chain of folders, and across libraries and apps', () => {
    expect(find({ 'l/a/1.ts': ['l/b/1.ts'], 'l/b/2.ts': ['l/c/1.ts'], 'l/c/2.ts': ['l/a/2.ts'] })).toEqual([
      'l/a l/b l/c l/a',
    ]);
    expect(find({ 'libs/a/src/1.ts': ['libs/b/src/1.ts'], 'libs/b/src/2.ts': ['libs/a/src/2.ts'] })).toHaveLength(1);
    expect(find({ 'libs/a/1.ts': ['apps/b/1.ts'], 'apps/b/2.ts': ['libs/a/2.ts'] })).toEqual(['libs apps libs']);
  });

  it('counts what is below a folder as part of it', () => {
    expect(find({ 'l/a/deep/1.ts': ['l/b/1.ts'], 'l/b/deep/2.ts': ['l/a/2.ts'] })).toEqual(['l/a l/b l/a']);
  });

  it('passes a parent that imports its children, and children that import each other in one direction', () => {
    expect(find({ 'l/index.ts': ['l/a/1.ts', 'l/b/1.ts'], 'l/a/1.ts': ['l/b/1.ts', 'l/a/2.ts'] })).toEqual([]);
  });

  it('finds a child that imports back into its parent', () => {
    expect(find({ 'l/index.ts': ['l/a/1.ts'], 'l/a/1.ts': ['l/names.ts'] })).toEqual(['l/* l/a l/*']);
  });

  it('passes plug-ins that import the declared interface of the folder that registers them, and nothing else of it', () => {
    const imports = { 'l/registry.ts': ['l/a/1.ts'], 'l/a/1.ts': ['l/plug.ts'], 'l/plug.ts': ['l/outcome.ts'] };
    expect(find(imports)).toHaveLength(1);
    expect(find(imports, ['l/plug.ts'])).toEqual([]);
    expect(find({ ...imports, 'l/a/2.ts': ['l/outcome.ts'] }, ['l/plug.ts'])).toEqual([]);
    expect(find({ ...imports, 'l/a/2.ts': ['l/other.ts'] }, ['l/plug.ts'])).toEqual(['l/* l/a l/*']);
    expect(find({ ...imports, 'l/outcome.ts': ['l/a/2.ts'] }, ['l/plug.ts'])).toEqual(['l/a l/plug.ts l/a']);
  });
});

describe('what a script of Lua needs', () => {
  it('is read from its first line', () => {
    expect(namesNeeded('-- needs: mailbox, claim\n-- Takes deliveries.')).toEqual(['mailbox', 'claim']);
    expect(namesNeeded('-- Takes deliveries.\n-- needs: mailbox')).toEqual([]);
  });

  it('is a file of its folder, or the only one of that name', () => {
    const files = ['l/a/keys.lua', 'l/b/keys.lua', 'l/b/claim.lua', 'l/a/take.lua'];
    expect(resolveNeeds('l/a/take.lua', '-- needs: keys, claim, nothing', files)).toEqual([
      { name: 'keys', file: 'l/a/keys.lua' },
      { name: 'claim', file: 'l/b/claim.lua' },
      { name: 'nothing', file: undefined },
    ]);
    expect(resolveNeeds('l/c/x.lua', '-- needs: keys', files)).toEqual([{ name: 'keys', file: undefined }]);
  });
});
