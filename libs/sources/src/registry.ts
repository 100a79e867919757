// The list of sources. A new source takes its folder and a line here.
export { alertmanager } from './alertmanager/index.js';
export { cloudevents } from './cloudevents/index.js';
export { grafana } from './grafana/index.js';
export { prometheus } from './prometheus/index.js';
