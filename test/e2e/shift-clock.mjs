// Preloaded into a process: sets its wall clock forward or back by the milliseconds of a message `{ shiftMs }`, as when
// an administrator or NTP steps the clock of its machine. Monotonic clocks and timers are not affected.
const RealDate = Date;
let shiftMs = 0;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [RealDate.now() + shiftMs] : args, newTarget),
  get: (target, name) => (name === 'now' ? () => RealDate.now() + shiftMs : Reflect.get(target, name)),
});

process.on('message', (message) => {
  shiftMs = message.shiftMs;
});
process.channel?.unref();
