// Every settings resource. Adding one takes its folder, and a line here.
export { endpoints } from './endpoints/index.js';
export { policies } from './policies/index.js';
