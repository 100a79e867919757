import nunjucks, { type CompileFrame } from 'nunjucks/src/compiler.js';
import type { SyntaxNode } from 'nunjucks/src/parser.js';
import { FILTERS } from './filters.js';
import { isIdentifier, maySet } from './identifiers.js';
import type { Context, Runtime } from './runtime.js';
import { TemplateError } from './template-error.js';
import { TEST_NAMES } from './value-tests.js';

/** A compiled template. It passes its text, or an error, to `done`. */
export type CompiledTemplate = (
  env: object,
  context: Context,
  frame: object,
  runtime: Runtime,
  done: (error: unknown, text: string) => void,
) => void;

/** Compiles a parsed template into a function. @throws {TemplateError} for syntax that is not on the list */
export function compileTree(tree: SyntaxNode): CompiledTemplate {
  const compiler = new TemplateCompiler(undefined, false);
  compiler.compile(tree);
  return new Function(compiler.getCode())().root;
}

/** Kinds of nodes that the compiler below or nunjucks' own can write. */
const KINDS: ReadonlySet<string> = new Set(
  (
    'Root NodeList Output TemplateData Literal Symbol Group Array Dict Pair KeywordArgs LookupVal If InlineIf For Set ' +
    'Capture Filter FunCall Compare In Is Not And Or Add Concat Sub Mul Div FloorDiv Mod Pow Neg Pos Call'
  ).split(' '),
);

/**
 * nunjucks' compiler, restricted so that template text never becomes code: names must be identifiers, texts are written as
 * JSON, and everything else is refused. Operators become calls, since nunjucks leaves them, precedence included, to
 * JavaScript. It does not rely on the check of templates when they are saved.
 */
class TemplateCompiler extends nunjucks.Compiler {
  #captures = 0;

  override compile(node: SyntaxNode, frame?: CompileFrame): void {
    if (!KINDS.has(node?.typename)) throw refused(node, 'this syntax is not supported');
    super.compile(node, frame);
  }

  override _compileExpression(node: SyntaxNode, frame: CompileFrame): void {
    this.compile(node, frame);
  }

  /** Writes a call of a function of runtime.ts. */
  compileCall(node: SyntaxNode, frame: CompileFrame): void {
    this.#call(String(node.value), node.children ?? [], frame);
  }

  #call(name: string, args: readonly (SyntaxNode | string)[], frame: CompileFrame): void {
    this._emit(`runtime.${name}(`);
    for (const [i, arg] of args.entries()) {
      if (i > 0) this._emit(', ');
      if (typeof arg === 'string') this._emit(JSON.stringify(arg));
      else this.compile(arg, frame);
    }
    this._emit(')');
  }

  compileLiteral({ value, ...node }: SyntaxNode): void {
    if (typeof value === 'object' && value !== null) throw refused(node, 'regular expressions are not supported');
    this._emit(typeof value === 'string' ? JSON.stringify(value) : String(value));
  }

  override compileSymbol(node: SyntaxNode, frame: CompileFrame): void {
    if (!isIdentifier(node.value)) throw refused(node, 'this is not a name');
    super.compileSymbol(node, frame);
  }

  override compileGroup(node: SyntaxNode, frame: CompileFrame): void {
    if (node.children?.length !== 1) throw refused(node, 'parentheses hold one value');
    super.compileGroup(node, frame);
  }

  compilePair(node: SyntaxNode, frame: CompileFrame): void {
    const key = node.key.value;
    if (typeof key !== 'string') throw refused(node, 'a key must be a text');
    // A computed key is never special, not even __proto__.
    this._emit(`[${JSON.stringify(key)}]: `);
    this.compile(node.value as SyntaxNode, frame);
  }

  compileFilter(node: SyntaxNode, frame: CompileFrame): void {
    const name = node.name.value;
    if (typeof name !== 'string' || !FILTERS.has(name)) throw refused(node, 'unknown filter');
    this._emit(`(lineno = ${node.lineno}, colno = ${node.colno}, env.getFilter("${name}")(`);
    for (const [i, arg] of (node.args.children ?? []).entries()) {
      if (i > 0) this._emit(', ');
      this.compile(arg, frame);
    }
    this._emit('))');
  }

  override compileFunCall(node: SyntaxNode, frame: CompileFrame): void {
    if (node.name.typename !== 'Symbol') throw refused(node, 'this cannot be called');
    super.compileFunCall(node, frame);
  }

  compileIs(node: SyntaxNode, frame: CompileFrame): void {
    const right = node.right;
    const name = String(right.name?.value ?? right.value);
    if (!TEST_NAMES.includes(name)) throw refused(node, 'unknown test');
    const args = right.args?.children ?? [];
    this.#call('is', [name, node.left, ...args], frame);
  }

  override _binOpEmitter(node: SyntaxNode, frame: CompileFrame, code: string): void {
    const left = node.left;
    const right = node.right;
    const operator = code.trim();
    if (operator !== '&&' && operator !== '||') {
      this.#call('calculate', [operator === '+ "" +' ? '~' : operator, left, right], frame);
      return;
    }
    this._emit(`runtime.${operator === '&&' ? 'both' : 'either'}(`);
    this.compile(left, frame);
    this._emit(', () => ');
    // In parentheses, since an object literal would be parsed as a block.
    this._emit('(');
    this.compile(right, frame);
    this._emit('))');
  }

  compileFloorDiv(node: SyntaxNode, frame: CompileFrame): void {
    this.#call('calculate', ['//', node.left, node.right], frame);
  }

  compilePow(node: SyntaxNode, frame: CompileFrame): void {
    this.#call('calculate', ['**', node.left, node.right], frame);
  }

  compileNeg(node: SyntaxNode, frame: CompileFrame): void {
    this.#call('negative', [node.target], frame);
  }

  compilePos(node: SyntaxNode, frame: CompileFrame): void {
    this.#call('positive', [node.target], frame);
  }

  compileNot(node: SyntaxNode, frame: CompileFrame): void {
    this._emit('!');
    this.#call('truth', [node.target], frame);
  }

  compileCompare(node: SyntaxNode, frame: CompileFrame): void {
    const operands = [node, ...node.ops];
    this._emit('(');
    for (const [i, operand] of node.ops.entries()) {
      if (i > 0) this._emit(' && ');
      this.#call('compare', [String(operand.type), operands[i]!.expr, operand.expr], frame);
    }
    this._emit(')');
  }

  compileInlineIf(node: SyntaxNode, frame: CompileFrame): void {
    this._emit('(');
    this.#call('truth', [node.cond], frame);
    this._emit(' ? ');
    this.compile(node.body, frame);
    this._emit(' : ');
    if (node.else_) this.compile(node.else_, frame);
    else this._emit('""');
    this._emit(')');
  }

  override compileIf(node: SyntaxNode, frame: CompileFrame): void {
    super.compileIf({ ...fieldsOf(node), cond: call('truth', node.cond) }, frame);
  }

  override compileFor(node: SyntaxNode, frame: CompileFrame): void {
    const target = node.name;
    const names = target.children ?? [target];
    if (!names.every(isSettable)) throw refused(node, 'a loop needs names for its items');
    const list = call(target.children ? 'pairs' : 'items', node.arr);
    super.compileFor({ ...fieldsOf(node), arr: list }, frame);
  }

  /** Each iteration spends work in proportion to the size of the loop body. */
  override _emitLoopBindings(node: SyntaxNode, list: string, index: string, length: string): void {
    super._emitLoopBindings(node, list, index, length);
    this._emitLine(`runtime.spend(${10 + countNodes(node.body)});`);
  }

  override compileSet(node: SyntaxNode, frame: CompileFrame): void {
    if (!node.targets.every(isSettable)) throw refused(node, 'this name cannot be set');
    super.compileSet(node, frame);
  }

  override compileCapture(node: SyntaxNode, frame: CompileFrame): void {
    this.#captures++;
    this._emit('runtime.captured(');
    super.compileCapture(node, frame);
    this._emit(')');
    this.#captures--;
  }

  /** Captured text is escaped where it is inserted, so that it is escaped once. */
  compileOutput(node: SyntaxNode, frame: CompileFrame): void {
    for (const child of node.children ?? []) {
      if (child.typename === 'TemplateData') {
        this._emit(`${this.buffer} += `);
        this.compile(child, frame);
        this._emitLine(';');
        continue;
      }
      this._emit(`${this.buffer} += runtime.suppressValue(`);
      this.compile(child, frame);
      this._emitLine(`, ${this.#captures > 0 ? 'undefined' : 'env.opts.autoescape'});`);
    }
  }
}

function refused(node: Pick<SyntaxNode, 'lineno' | 'colno'> | null, reason: string): TemplateError {
  return new TemplateError(reason, (node?.lineno ?? 0) + 1, (node?.colno ?? 0) + 1);
}

function isSettable(node: SyntaxNode): boolean {
  return node.typename === 'Symbol' && maySet(node.value);
}

function call(name: string, arg: SyntaxNode): SyntaxNode {
  const { lineno, colno } = arg;
  return {
    typename: 'Call',
    lineno,
    colno,
    fields: [],
    value: name,
    children: [arg],
  } as Partial<SyntaxNode> as SyntaxNode;
}

function fieldsOf(node: SyntaxNode): Record<string, unknown> {
  return Object.fromEntries(node.fields.map((field) => [field, node[field]]));
}

/** Counts the nodes of a tree. */
export function countNodes(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum, one) => sum + countNodes(one), 0);
  if (typeof value !== 'object' || value === null || !('fields' in value)) return 0;
  const node = value as SyntaxNode;
  const body = 'body' in node && !node.fields.includes('body') ? countNodes(node.body) : 0;
  return node.fields.reduce((sum, field) => sum + countNodes(node[field]), 1 + body);
}
