// npm run bench -- templates: renders a second of users' templates, beside unchanged nunjucks in the main thread.
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { createRenderer } from '../../dist/libs/templates/src/index.js';

const IN_FLIGHT = 200;
const RENDERS = 30_000;
const ROUNDS = 7;

const TITLE = '[{{ level_name | upper }}] {{ policy_name }}: {{ object_name }}';
const CONTENT = `{% if level == "recovered" %}Recovered: {% endif %}{{ title }}
{{ content | default("no details") | truncate(200) }}
{% if value %}Value: {{ value | round(1) }} {{ unit }}{% endif %}
{% for name, text in labels %}{{ name }}: {{ text }}
{% endfor %}Since {{ starts_at }}{% if suppressed_count > 0 %}, {{ suppressed_count }} suppressed{% endif %}
{{ url }}`;
const HOSTILE = '{% for i in range(1000) %}{% for j in range(1000) %}{{ j * i }}{% endfor %}{% endfor %}{{ title }}';
// Below every limit, so that it is rendered, and a hundred times as expensive as an ordinary template.
const EXPENSIVE = '{% for i in range(600) %}{{ labels | tojson | length }}{% endfor %}';

function variables(i) {
  return {
    policy: 'cpu-high',
    policy_name: 'CPU high',
    policy_level: 'fatal',
    level: 'fatal',
    level_name: 'Fatal',
    object: `host-${i}`,
    object_name: `host ${i}`,
    title: `CPU above 90 % on host-${i}`,
    content: `The CPU of host ${i} has been above 90 % for ten minutes, and its load keeps growing.`,
    value: 93.4,
    unit: '%',
    labels: { region: 'gz', instance: `10.0.0.${i % 250}:9100`, job: 'node' },
    annotations: { runbook: 'https://example.com/runbook' },
    starts_at: '2026-11-20T08:00:00Z',
    ends_at: null,
    url: 'https://example.com/',
    event_id: `e${i}`,
    delivery_id: `d${i}`,
    team: 'default',
    endpoint: 'ops',
    suppressed_count: i % 3,
    delayed_by: 0,
  };
}

const nunjucks = createRequire(import.meta.url)('nunjucks');
const environment = new nunjucks.Environment(null, { autoescape: false });
const plain = [TITLE, CONTENT].map((source) => new nunjucks.Template(source, environment, undefined, true));

async function perSecond(render) {
  const startedAt = performance.now();
  let started = 0;
  const renderInTurn = async () => {
    while (started < RENDERS) await render(variables(started++));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, renderInTurn));
  return RENDERS / ((performance.now() - startedAt) / 1_000);
}

async function rendered(renderer, sources, values) {
  const results = await renderer.render(
    sources.map((source) => ({ source })),
    values,
  );
  return results;
}

/** Renders a hundred deliveries of another tenant at a time while `work` runs. */
async function beside(renderer, source, work) {
  let isOver = false;
  const renderInTurn = async (i) => {
    while (!isOver) {
      await rendered(renderer, [source], variables(i));
      await new Promise(setImmediate);
    }
  };
  const others = Array.from({ length: 100 }, (_, i) => renderInTurn(i));
  const result = await work();
  isOver = true;
  await Promise.all(others);
  return result;
}

const renderer = createRenderer();
const inThreads = (values) => rendered(renderer, [TITLE, CONTENT], values);
const inMainThread = (values) => plain.map((template) => template.render(values));

const expected = JSON.stringify(inMainThread(variables(7)));
const actual = JSON.stringify((await inThreads(variables(7))).map(({ text }) => text));
if (actual !== expected) throw new Error(`nunjucks renders ${expected}, the threads render ${actual}`);
for (let i = 0; i < 2; i++) {
  await perSecond(inThreads);
  await perSecond(inMainThread);
}

const rounds = [];
for (let i = 0; i < ROUNDS; i++) {
  rounds.push({
    threads: await perSecond(inThreads),
    plain: await perSecond(inMainThread),
    hostile: await beside(renderer, `${HOSTILE}${i}`, () => perSecond(inThreads)),
    expensive: await beside(renderer, `${EXPENSIVE}${i}`, () => perSecond(inThreads)),
  });
}
await renderer.close();

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const figure = (pick) => Math.round(median(rounds.map(pick))).toLocaleString('en');
const ratio = (name) => median(rounds.map((round) => round[name] / round.plain)).toFixed(2);
console.log(
  `${availableParallelism()} cores, Node ${process.versions.node}; title and content of ${IN_FLIGHT} at a time\n`,
);
console.log('| renders a second | | beside plain nunjucks in the main thread |\n| --- | --- | --- |');
console.log(`| plain nunjucks, compiled once | ${figure((round) => round.plain)} | |`);
for (const [name, title] of [
  ['threads', "as users' templates are rendered"],
  ['hostile', 'the same, beside a tenant whose template never ends'],
  ['expensive', 'the same, beside a tenant whose template is expensive'],
]) {
  console.log(`| ${title} | ${figure((round) => round[name])} | ${ratio(name)} |`);
}
