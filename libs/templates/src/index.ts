export { escapeValue } from './escapings.js';
export { TEMPLATE_FILTERS } from './filters.js';
export { type RenderedMessage, type RenderMessageInput, renderMessage } from './render-message.js';
export { checkTemplate, renderOwn } from './render-own.js';
export {
  createRenderer,
  type RenderedText,
  type Renderer,
  type RendererOptions,
  type TextTemplate,
} from './renderer.js';
export { TemplateError } from './template-error.js';
export { templateVariables, type VariablesInput } from './template-variables.js';
export { formatTime, parseTime } from './times.js';
export { TEMPLATE_VARIABLES } from './variables.js';
