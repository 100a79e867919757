/** Types of nunjucks' internals used here; nunjucks has none. Lines and columns count from 0. */
declare module 'nunjucks/src/parser.js' {
  /** A node of the parser. Its fields depend on `typename`; `fields` lists them. */
  export interface SyntaxNode {
    readonly typename: string;
    readonly lineno: number;
    readonly colno: number;
    readonly fields: readonly string[];
    readonly children?: readonly SyntaxNode[];
    readonly value: unknown;
    readonly [part: string]: unknown;
    readonly name: SyntaxNode;
    readonly args: SyntaxNode;
    readonly target: SyntaxNode;
    readonly val: SyntaxNode | null;
    readonly key: SyntaxNode;
    readonly left: SyntaxNode;
    readonly right: SyntaxNode;
    readonly expr: SyntaxNode;
    readonly ops: readonly SyntaxNode[];
    readonly targets: readonly SyntaxNode[];
    readonly arr: SyntaxNode;
    readonly cond: SyntaxNode;
    readonly body: SyntaxNode;
    readonly else_: SyntaxNode | null;
  }
  const parser: { parse(source: string): SyntaxNode };
  export default parser;
}

declare module 'nunjucks/src/compiler.js' {
  import type { SyntaxNode } from 'nunjucks/src/parser.js';
  /** Names known during compilation: loop variables and the code that reads them. */
  export type CompileFrame = object;
  class Compiler {
    constructor(templateName: undefined, throwOnUndefined: boolean);
    protected buffer: string;
    compile(node: SyntaxNode, frame?: CompileFrame): void;
    getCode(): string;
    _compileExpression(node: SyntaxNode, frame: CompileFrame): void;
    _emit(code: string): void;
    _emitLine(code: string): void;
    _emitLoopBindings(node: SyntaxNode, list: string, index: string, length: string): void;
    _binOpEmitter(node: SyntaxNode, frame: CompileFrame, operator: string): void;
    compileCapture(node: SyntaxNode, frame: CompileFrame): void;
    compileFor(node: object, frame: CompileFrame): void;
    compileFunCall(node: SyntaxNode, frame: CompileFrame): void;
    compileGroup(node: SyntaxNode, frame: CompileFrame): void;
    compileIf(node: object, frame: CompileFrame): void;
    compileSet(node: SyntaxNode, frame: CompileFrame): void;
    compileSymbol(node: SyntaxNode, frame: CompileFrame): void;
  }
  const compiler: { Compiler: typeof Compiler };
  export default compiler;
}

declare module 'nunjucks/src/runtime.js' {
  /** Names set by a template, by scope. */
  export interface Frame {
    topLevel: boolean;
    lookup(name: string): unknown;
  }
  const runtime: { Frame: new () => Frame };
  export default runtime;
}
