export interface FieldError {
  path: string;
  message: string;
}

/** A refused request with the fields at fault, from the problem document of RFC 9457. */
export class ApiError extends Error {
  readonly errors: readonly FieldError[];

  constructor(
    readonly status: number,
    problem: { detail?: string; title?: string; errors?: FieldError[] },
  ) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.errors = Array.isArray(problem.errors) ? problem.errors : [];
  }
}
