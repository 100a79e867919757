import { expect, it } from 'vitest';
import { renderOwn, TEMPLATE_VARIABLES, templateVariables } from '#libs/templates';
import { ALL_VARIABLES_AS_JSON } from './all-variables-as-json.js';

const awkward = '"\\\n\u0000\u2028</script>{{ policy }}\ud800é';
const variables = templateVariables({
  event: {
    id: awkward,
    policy: awkward,
    object: awkward,
    level: 'recovered',
    title: awkward,
    labels: { [awkward]: awkward },
    value: -0.5,
  },
  delivery: { id: 'd', suppressedCount: 0, delayedByMs: 0 },
  endpoint: { name: awkward, team: 'default' },
  policyName: awkward,
  lang: 'en',
});

it('renders a JSON object with every variable but alert, for any values', () => {
  const content = JSON.parse(renderOwn(ALL_VARIABLES_AS_JSON, variables));
  expect(content).toEqual(variables);
  const names = TEMPLATE_VARIABLES.map((variable) => variable.name).filter((name) => name !== 'alert');
  expect(Object.keys(content)).toEqual(names);
});
