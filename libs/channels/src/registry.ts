// Every channel there is. Adding one takes its folder, and a line here.
export { email } from './email/index.js';
export { http } from './http/index.js';
export { syslog } from './syslog/index.js';
