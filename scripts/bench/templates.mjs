// How fast users' templates are rendered, beside nunjucks as it comes, in this thread and with nothing in its way.
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
{% endfor %}Since {{ starts_at }}{% if suppressed_count > 0 %}, {{ suppressed_count }} held back{% endif %}
{{ url }}`;
const HOSTILE = '{% for i in range(1000) %}{% for j in range(1000) %}{{ j * i }}{% endfor %}{% endfor %}{{ title }}';
// Below every limit: it is let through, and costs a hundred times as much as it should.
const DEAR = '{% for i in range(600) %}{{ labels | tojson | length }}{% endfor %}';

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
  const began = performance.now();
  let begun = 0;
  const lane = async () => {
    while (begun < RENDERS) await render(variables(begun++));
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return RENDERS / ((performance.now() - began) / 1_000);
}

async function rendered(renderer, sources, values) {
  const results = await renderer.render(
    sources.map((source) => ({ source })),
    values,
  );
  return results;
}

/** Somebody else's deliveries, a hundred in flight at any time, for as long as the work takes. */
async function beside(renderer, source, work) {
  let isOver = false;
  const lane = async (i) => {
    while (!isOver) {
      await rendered(renderer, [source], variables(i));
      await new Promise(setImmediate);
    }
  };
  const others = Array.from({ length: 100 }, (_, i) => lane(i));
  const result = await work();
  isOver = true;
  await Promise.all(others);
  return result;
}

const renderer = createRenderer();
const inThreads = (values) => rendered(renderer, [TITLE, CONTENT], values);
const inPlain = (values) => plain.map((template) => template.render(values));

const wanted = JSON.stringify(inPlain(variables(7)));
const got = JSON.stringify((await inThreads(variables(7))).map(({ text }) => text));
if (got !== wanted) throw new Error(`nunjucks renders ${wanted}, the threads ${got}`);
for (let i = 0; i < 2; i++) {
  await perSecond(inThreads);
  await perSecond(inPlain);
}

const rounds = [];
for (let i = 0; i < ROUNDS; i++) {
  rounds.push({
    threads: await perSecond(inThreads),
    plain: await perSecond(inPlain),
    hostile: await beside(renderer, `${HOSTILE}${i}`, () => perSecond(inThreads)),
    dear: await beside(renderer, `${DEAR}${i}`, () => perSecond(inThreads)),
  });
}
await renderer.close();

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const figure = (pick) => Math.round(median(rounds.map(pick))).toLocaleString('en');
const ratio = (name) => median(rounds.map((round) => round[name] / round.plain)).toFixed(2);
console.log(
  `${availableParallelism()} cores, Node ${process.versions.node}; title and content of ${IN_FLIGHT} at a time\n`,
);
console.log('| renders a second | | beside plain nunjucks in this thread |\n| --- | --- | --- |');
console.log(`| plain nunjucks, compiled once | ${figure((round) => round.plain)} | |`);
for (const [name, what] of [
  ['threads', "as users' templates are rendered"],
  ['hostile', 'the same, beside a tenant whose template never ends'],
  ['dear', 'the same, beside a tenant whose template takes long'],
]) {
  console.log(`| ${what} | ${figure((round) => round[name])} | ${ratio(name)} |`);
}
