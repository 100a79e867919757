import type { z } from 'zod';

/** What is wrong with one field; `path` is written like `config.headers.accept` or `endpoints.0`, and empty for the whole. */
export interface FieldError {
  path: string;
  message: string;
}

type Path = readonly PropertyKey[];

/** More are of no use to anybody, and an answer must not grow with what was sent. */
const ERRORS_MAX = 100;

/** Turns what a schema found into one entry a field, unknown fields each under their own name. */
export function fieldErrors(issues: readonly z.core.$ZodIssue[], prefix: Path = []): FieldError[] {
  const errors = issues.flatMap((issue) => flatten(issue, prefix));
  if (errors.length <= ERRORS_MAX) return errors;
  return [...errors.slice(0, ERRORS_MAX), { path: '', message: `and ${errors.length - ERRORS_MAX} more errors` }];
}

export function fieldError(path: Path, message: string): FieldError {
  return { path: path.map(String).join('.'), message };
}

function flatten(issue: z.core.$ZodIssue, prefix: Path): FieldError[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => fieldError([...path, key], 'is not a known field'));
    case 'invalid_key':
      return [
        fieldError(path, `has a name that is not allowed: ${issue.issues.map((inner) => inner.message).join('; ')}`),
      ];
    case 'invalid_union':
      return flattenUnion(issue, path);
    default:
      return [fieldError(path, issue.message)];
  }
}

/** Of the ways a value could have been right, the one that came closest says most; equals are told side by side. */
function flattenUnion(issue: z.core.$ZodIssueInvalidUnion, path: Path): FieldError[] {
  if (issue.errors.length === 0) return [fieldError(path, issue.message)];
  const deepest = issue.errors.filter((option) => option.some((inner) => inner.path.length > 0));
  if (deepest.length > 0) {
    const closest = deepest.reduce((best, option) => (option.length < best.length ? option : best));
    return closest.flatMap((inner) => flatten(inner, path));
  }
  const messages = new Set(issue.errors.flatMap((option) => option.map((inner) => inner.message)));
  return [fieldError(path, [...messages].join(', or '))];
}
