export { type RenderedMessage, type RenderMessageInput, renderMessage } from './render-message.js';
export {
  checkTemplate,
  createRenderer,
  type RenderedText,
  type Renderer,
  renderOwn,
  type TextTemplate,
} from './renderer.js';
export { TemplateError } from './template-error.js';
export { TEMPLATE_VARIABLES, templateVariables, type VariablesInput } from './variables.js';
