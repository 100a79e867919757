/** Bounds on a JSON body, besides its bytes. They keep the time short for which it can block the process. */
export interface JsonLimits {
  /** Bytes up to which a body is parsed in one go. */
  wholeBytes: number;
  /** Most values and members of a body. */
  values: number;
  /** Most values and members of one part: an element of a long array, or all that is outside such arrays. */
  partValues: number;
  /** Most levels of nesting. */
  depth: number;
  /** Whether an element over a limit is rejected alone, as events are, or its body with it. */
  perElement: boolean;
}

export const JSON_LIMITS: JsonLimits = {
  wholeBytes: 65_536,
  values: 2_000_000,
  partValues: 50_000,
  depth: 64,
  perElement: false,
};
