// Everything that a bench has started is stopped once, however the bench ends, in reverse order of its start.
const stoppers = [];
let stopped;

/** Stops a server or process at the end, and returns it. */
export const stopAtEnd = (started) => {
  atTheEnd(() => started.stop());
  return started;
};

export const atTheEnd = (stop) => void stoppers.unshift(stop);

/** Runs after everything has been stopped, such as the removal of the folder of its data. */
export const lastOfAll = (stop) => void stoppers.push(stop);

export const stopAll = () =>
  (stopped ??= (async () => {
    for (const stop of stoppers) await stop();
  })());

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => void stopAll().finally(() => process.exit(1)));
}
// A parent process that is killed by SIGKILL cannot pass a signal on.
const parent = process.ppid;
setInterval(() => process.ppid !== parent && process.kill(process.pid, 'SIGTERM'), 500).unref();
