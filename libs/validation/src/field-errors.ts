import type { z } from 'zod';

/** An error of one field; `path` is written like `config.headers.accept` or `endpoints.0`, and empty for the whole body. */
export interface FieldError {
  path: string;
  message: string;
}

type Path = readonly PropertyKey[];

/** Most errors in an answer, whose size must not grow with the request. */
const ERRORS_MAX = 100;

/** Converts the issues of a schema to one error a field; each unknown field is an error of its own. */
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

/** Errors of the alternative that matches best; equally good alternatives are listed together. */
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
