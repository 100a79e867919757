import { createEngine } from '../language/engine.js';
import { parseTemplate } from '../language/parse-template.js';
import { type Batch, renderBatch } from './render-batch.js';

const engine = createEngine(parseTemplate);

/** Entry of a render thread. */
export default (batch: Batch) => renderBatch(engine, batch);
