// A thread whose templates were not checked: what is left is the compiler, the runtime and the limits of the pool.
// It leaves a mark where a template has changed what others see.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import parser from 'nunjucks/src/parser.js';
import '../src/threads/worker-from-source.mjs';

const { createEngine } = await import('../src/language/engine.ts');
const { renderBatch } = await import('../src/threads/render-batch.ts');
const engine = createEngine((source) => parser.parse(source));
const shared = [Object.prototype, Array.prototype, String.prototype, Function.prototype, globalThis];
const keys = () => shared.map((one) => Reflect.ownKeys(one).length).join();
const before = keys();

export default function render(batch) {
  try {
    return renderBatch(engine, batch);
  } finally {
    if (keys() !== before) writeFileSync(join(tmpdir(), `tocsin-hostile-${process.pid}`), 'changed');
  }
}
