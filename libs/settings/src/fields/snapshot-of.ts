import type { Fields, InSnapshot, Made, Snapshot, SnapshotInput } from './field.js';

/** The row as processes that deliver see it; `made` are the values that the rules make. @throws what a field throws */
export function snapshotOf<F extends Fields>(fields: F, row: SnapshotInput<F>, made: Made<F>): Snapshot<F> {
  return build(fields, (name, { read, made: byRules }) => {
    if (byRules) return made[name as keyof Made<F>];
    const value = row[name as keyof SnapshotInput<F>];
    return read ? read(value) : value;
  });
}

/** A row that cannot be read: fields with a value for that have it, the others are as stored. */
export function unreadableSnapshotOf<F extends Fields>(fields: F, row: SnapshotInput<F>): Snapshot<F> {
  return build(fields, (name, field) => {
    if ('unreadable' in field) return field.unreadable;
    const value = row[name as keyof SnapshotInput<F>];
    return field.read ? field.read(value) : value;
  });
}

function build<F extends Fields>(fields: F, toValue: (name: string, field: InSnapshot) => unknown): Snapshot<F> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, { snapshot }]) =>
      snapshot === undefined ? [] : [[snapshot.as ?? name, toValue(name, snapshot)]],
    ),
  ) as Snapshot<F>;
}
