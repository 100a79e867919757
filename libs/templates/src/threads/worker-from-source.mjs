// Begins a thread from the sources, as tests do; built programs begin it from worker.js.
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const fromSource = specifier.startsWith('.') && context.parentURL?.endsWith('.ts');
    return next(fromSource ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
});

export default (await import('./worker.ts')).default;
