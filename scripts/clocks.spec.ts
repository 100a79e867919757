import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './run.mjs';
import { sourceFiles } from './source-files.mjs';

/** Files that read the wall clock of this machine, and why. Everything else measures by a monotonic clock or Redis' time. */
const READS_THE_TIME_OF_DAY: Record<string, string> = {
  'apps/api/src/app.module.ts': 'ends of alerts are times of day that sources name',
  'apps/api/src/create-deps.ts': 'the start of a test alert, for people',
  'apps/api/src/deliveries/replay.controller.ts': 'the end of a range of the delivery log',
  'apps/api/src/ingest/intake-duties.ts': 'the end of an expired alert, for people',
  'apps/api/src/ingest/source-requests.ts': 'the start of alerts whose source names none, for people',
  'apps/api/src/settings/act-controller.ts': 'times of settings, for people',
  'apps/console/src/kit/Time.tsx': 'the age of an event, for people',
  'apps/standalone/src/repair-append-files.ts': 'the name of the folder with a damaged file, for people',
  'apps/worker/src/delivery-parts.ts': 'the start of an attempt and the ages in a digest, for people',
  'apps/worker/src/duties.ts': 'the time of an audit, and the age of rows of the delivery log',
  'libs/delivery/src/turn/message-lease.ts':
    'the larger of both clocks counts: the monotonic one stops during a suspension',
  'libs/intake/src/create-intake.ts': 'the time of unrouted events, for people',
  'libs/outbound/src/outlet.ts': 'signatures, `Retry-After` dates and message headers are times of day',
  'libs/settings/src/changes/change-gate.ts': 'times of settings, for people',
  'libs/settings/src/changes/ids.ts': 'the order of ids',
  'libs/settings/src/policies/load-policies.ts': 'links of the last week, by times in the database',
  'libs/settings/src/resource-store.ts': 'the order of ids',
};

const IS_TEST = /\.spec\.tsx?$|\/fixtures\.ts$|\/fake-provider\.ts$|^libs\/[^/]+\/test\//;

it('no duration, deadline or interval is measured by the wall clock, which may be set at any time', () => {
  const files: string[] = ['apps', 'libs']
    .flatMap((folder) => sourceFiles(ROOT, folder, ['ts', 'tsx']))
    .filter((file: string) => !IS_TEST.test(file));
  const readers = files.filter((file: string) =>
    /\bDate\.now\b|\bnew Date\(\)/.test(readFileSync(join(ROOT, file), 'utf8')),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(readers.sort()).toEqual(Object.keys(READS_THE_TIME_OF_DAY).sort());
});
