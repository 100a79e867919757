// What a bench has started, and its end: once, however it comes about, what was started last first.
const stoppers = [];
let stopped;

/** Stops the part at the end. */
export const keep = (part) => {
  atTheEnd(() => part.stop());
  return part;
};

export const atTheEnd = (stop) => void stoppers.unshift(stop);

/** After all that is stopped, such as what it lies in. */
export const lastOfAll = (stop) => void stoppers.push(stop);

export const stopAll = () =>
  (stopped ??= (async () => {
    for (const stop of stoppers) await stop();
  })());

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));
}
// Killed outright, the launcher cannot pass a signal on.
const launcher = process.ppid;
setInterval(() => process.ppid !== launcher && process.kill(process.pid, 'SIGTERM'), 500).unref();
