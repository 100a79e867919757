import { z } from 'zod';

type Schema = z.core.$ZodType;
type Path = readonly (string | number)[];
type Replace = (text: string, path: Path) => unknown;

/** Headers that say what a body is and who sends it; any other may be what lets the sender in. */
const READABLE_NAMES = new Set(['accept', 'accept-language', 'content-type', 'user-agent']);

/**
 * A copy of a value with every secret text replaced: those that its schema marks with `.meta({ writeOnly: true })`,
 * whatever wraps or holds them, and all text below a marked object. In a record of secrets, the entries that are no
 * secret by their name stay as they are.
 */
export function mapSecrets(schema: Schema, value: unknown, replace: Replace): unknown {
  return walk(schema, value, false, [], replace);
}

function walk(schema: Schema | undefined, value: unknown, secret: boolean, path: Path, replace: Replace): unknown {
  const isSecret = secret || (schema !== undefined && z.globalRegistry.get(schema)?.writeOnly === true);
  if (typeof value === 'string' && isSecret) return replace(value, path);
  if (typeof value !== 'object' || value === null) {
    // A text is a secret if any of the schemas around it says so.
    return schema === undefined ? value : throughWrappers(schema, value, isSecret, path, replace);
  }
  if (schema === undefined) return isSecret ? everything(value, path, replace) : value;
  const def = definitionOf(schema);
  if (def.type === 'record') {
    return entries(value, (key, child) =>
      READABLE_NAMES.has(key.toLowerCase()) ? child : walk(def.valueType, child, isSecret, [...path, key], replace),
    );
  }
  if (isSecret) return everything(value, path, replace);
  if (def.type === 'object') {
    return entries(value, (key, child) => walk(ownShape(def.shape, key), child, false, [...path, key], replace));
  }
  if (def.type === 'array' && Array.isArray(value)) {
    return value.map((child, i) => walk(def.element, child, false, [...path, i], replace));
  }
  return throughWrappers(schema, value, false, path, replace);
}

/** Optional, default, union, pipe and the like: the same value seen by the schemas inside, one after the other. */
function throughWrappers(schema: Schema, value: unknown, secret: boolean, path: Path, replace: Replace): unknown {
  let result = value;
  for (const inner of innerSchemas(definitionOf(schema))) {
    result = walk(inner, result, secret, path, replace);
    // One of a union's options has recognised it; a replaced text must not be replaced again.
    if (result !== value) return result;
  }
  return result;
}

interface Definition {
  type: string;
  shape: Record<string, Schema>;
  element: Schema;
  valueType: Schema;
  innerType?: Schema;
  in?: Schema;
  out?: Schema;
  left?: Schema;
  right?: Schema;
  options?: readonly Schema[];
  getter?: () => Schema;
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

function innerSchemas(def: Definition): Schema[] {
  const lazy = def.type === 'lazy' ? def.getter?.() : undefined;
  return [def.innerType, def.in, def.out, def.left, def.right, lazy, ...(def.options ?? [])].filter(
    (schema): schema is Schema => schema !== undefined,
  );
}

function ownShape(shape: Record<string, Schema>, key: string): Schema | undefined {
  return Object.hasOwn(shape, key) ? shape[key] : undefined;
}

function everything(value: object, path: Path, replace: Replace): unknown {
  const one = (key: string | number, child: unknown): unknown =>
    typeof child === 'string'
      ? replace(child, [...path, key])
      : typeof child === 'object' && child !== null
        ? everything(child, [...path, key], replace)
        : child;
  return Array.isArray(value) ? value.map((child, i) => one(i, child)) : entries(value, one);
}

/** Gives the value itself back where nothing in it changed, so that a caller can tell. */
function entries(value: object, map: (key: string, child: unknown) => unknown): unknown {
  let changed = false;
  const mapped = Object.entries(value).map(([key, child]) => {
    const result = map(key, child);
    changed ||= result !== child;
    return [key, result] as const;
  });
  return changed ? Object.fromEntries(mapped) : value;
}
