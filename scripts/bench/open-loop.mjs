import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Time after which a request counts as failed, in milliseconds. */
const WITHIN_MS = 10_000;

/**
 * Sends requests at their planned times, however slow the answers are, and returns each answer's time since the planned
 * one. A client that waits for answers would send less under attack, and measure less.
 * @param connections connections that are kept open; 0 for a new one for each request
 */
export async function askRepeatedly(port, nextRequest, { perSecond, forMs, connections }) {
  const agent = connections > 0 && new Agent({ keepAlive: true, maxSockets: connections });
  const startedAt = performance.now();
  const answers = [];
  for (let i = 0; i < (perSecond * forMs) / 1_000; i += 1) {
    const plannedAt = startedAt + (i * 1_000) / perSecond;
    const early = plannedAt - performance.now();
    if (early > 0) await sleep(early);
    answers.push(ask(port, nextRequest(), agent).then((ok) => ({ ok, ms: performance.now() - plannedAt })));
  }
  const all = await Promise.all(answers);
  if (agent) agent.destroy();
  return all;
}

function ask(port, { method = 'GET', path, headers = {}, body }, agent) {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers, agent, timeout: WITHIN_MS }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode < 300)).on('error', () => resolve(false));
    });
    sent.on('timeout', () => sent.destroy()).on('error', () => resolve(false));
    sent.end(body);
  });
}
