/** The alert that examples of several formats show. */
export const EXAMPLE_ALERT = {
  labels: { alertname: 'HighLoad', instance: 'db1:9100', job: 'node', severity: 'critical' },
  annotations: { summary: 'Load of db1 above 20', description: 'for 10 minutes' },
  startsAt: '2026-11-20T08:00:00Z',
  generatorURL: 'http://prometheus:9090/graph?g0.expr=node_load5+%3E+20',
};
