import type { Draft } from './draft.js';

/** A part of the form of an endpoint. */
export interface FieldsProps {
  draft: Draft;
  set(change: Partial<Draft>): void;
  /** The error of the API at a field. */
  errorOf(path: string): string | undefined;
  /** Whether the endpoint is saved already: its team and policies are changed elsewhere. */
  isSaved: boolean;
}
