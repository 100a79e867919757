export { escapeValue } from './language/escapings.js';
export { TEMPLATE_FILTERS } from './language/filters.js';
export { TemplateError } from './language/template-error.js';
export { formatTime, parseTime } from './language/times.js';
export { TEMPLATE_VARIABLES } from './language/variables.js';
export { type RenderedMessage, type RenderMessageInput, renderMessage } from './render-message.js';
export { checkTemplate, renderOwn } from './render-own.js';
export { templateVariables, type VariablesInput } from './template-variables.js';
export {
  createRenderer,
  type RenderedText,
  type Renderer,
  type RendererOptions,
  type TextTemplate,
} from './threads/renderer.js';
