declare module 'nunjucks/src/parser.js' {
  /** A node as nunjucks' parser makes it; which fields are there depends on `typename`. Lines and columns from 0. */
  export interface SyntaxNode {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    readonly children?: readonly SyntaxNode[];
    readonly value?: unknown;
    readonly target?: SyntaxNode;
    readonly val?: SyntaxNode;
    readonly name?: SyntaxNode;
    readonly args?: SyntaxNode;
  }
  const parser: { parse(source: string): SyntaxNode };
  export default parser;
}
