// A thread in which templates do what no template can be made to do: by their title, which comes with the event.
import '../src/threads/worker-from-source.mjs';

const { createEngine } = await import('../src/language/engine.ts');
const { parseTemplate } = await import('../src/language/parse-template.ts');
const { renderBatch } = await import('../src/threads/render-batch.ts');
const engine = createEngine(parseTemplate);

const DEEDS = {
  hang: () => {
    for (;;);
  },
  hoard: () => {
    const hoard = [];
    for (;;) hoard.push(new Array(100_000).fill(hoard.length));
  },
  dawdle: () => {
    const until = performance.now() + 3;
    while (performance.now() < until);
  },
};

const stubborn = {
  compile: engine.compile,
  render(source, variables, ...rest) {
    if (source.includes('title')) DEEDS[variables.title]?.();
    return engine.render(source, variables, ...rest);
  },
  exhausted: false,
};

export default (batch) => renderBatch(stubborn, batch);
