type Json = Record<string, unknown>;

/** The means by which fixtures make further resources. */
export interface Making {
  /** The id or key of another resource of the same kind. */
  readonly other: string;
  /** Creates a resource of any kind, and returns the answer. */
  create(resource: string, body: Json): Promise<Json>;
}

/** The part of the contract suite that is particular to one resource; `fixtures.ts` of its folder exports it. */
export interface ResourceFixtures {
  /** A body that creates one. Bodies of different numbers have different names and keys. */
  body(n: number): Json;
  /** For each field with a default, a value that is not the default. */
  changes(making: Making): Promise<Json>;
  /** Texts in `body` that are secrets. */
  readonly secrets?: readonly string[];
}
