export { type CompiledTemplate, compileTemplate } from './compile-template.js';
export { type RenderedMessage, type RenderMessageInput, renderMessage } from './render-message.js';
export { TemplateError } from './template-error.js';
export { TEMPLATE_VARIABLES, type TemplateVariables, templateVariables, type VariablesInput } from './variables.js';
