import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { type Outcome, within } from '#libs/contracts';
import { type ChannelIo, defineChannel, type Message } from '../channel.js';
import { failureOutcome, NetworkFailure, ONE_LINE_TEMPLATE, openTls, trustedAuthorities } from '../kit/index.js';
import { type SyslogConfig, syslogConfig } from './config.js';
import { Datagrams } from './datagrams.js';
import { formatRfc3164 } from './rfc3164.js';
import { formatRfc5424 } from './rfc5424.js';
import { SyslogStream } from './stream.js';
import { addressOf, type SyslogTarget, type Transport, targetOf } from './target.js';

const TIMEOUT_MS = 10_000;

/**
 * Maximum bytes of a message. UDP: what receivers should accept, https://www.rfc-editor.org/rfc/rfc5426#section-3.1.
 * TCP and TLS: the default of rsyslogd, https://www.rsyslog.com/doc/rainerscript/global.html (maxMessageSize).
 */
const BYTES_MAX: Readonly<Record<Transport, number>> = { udp: 2_048, tcp: 8_096, tls: 8_096 };

/** Sends the content in one line, with all fields as structured data, to a syslog server. */
export const syslog = defineChannel({
  type: 'syslog',
  label: 'Syslog',
  readBy: 'people',
  config: syslogConfig,
  template: ONE_LINE_TEMPLATE,
  limits: {
    rate: null,
    content: { max: BYTES_MAX.tcp, unit: 'bytes' },
    documentedAt: 'https://www.rfc-editor.org/rfc/rfc5424#section-6.1',
  },
  targets: ({ target }) => [{ id: 'server', label: addressOf(targetOf(target)) }],
  timeoutMs: () => TIMEOUT_MS,

  async send(message, { config }, io): Promise<Outcome> {
    const target = targetOf(config.target);
    const text = format(message, config, target.transport, io.now());
    try {
      if (io.signal.aborted) throw new NetworkFailure('given up, nothing was sent', 'ABORTED', false);
      if (target.transport === 'udp') {
        await sendDatagram(text, target, io);
        return { kind: 'delivered', message: 'sent over UDP, which does not confirm arrival' };
      }
      await streamTo(target, config.caCert, io).send(text, {
        timeoutMs: TIMEOUT_MS,
        signal: io.signal,
        beforeWrite: io.beforeWrite,
      });
      return { kind: 'delivered' };
    } catch (error) {
      return failureOutcome(error);
    }
  },
});

function format(message: Message, config: SyslogConfig, transport: Transport, now: Date): string {
  const origin = { facility: config.facility, hostname: hostname(), now };
  return config.format === 'rfc3164'
    ? formatRfc3164(message, origin)
    : formatRfc5424(message, origin, BYTES_MAX[transport]);
}

async function sendDatagram(text: string, { host, port }: SyslogTarget, io: ChannelIo): Promise<void> {
  // A name lookup of the system may take longer than the time limit of a send.
  const { address, family } = await within(TIMEOUT_MS, io.resolve(host), {
    signal: io.signal,
    failure: (reason) =>
      reason === 'timeout'
        ? new NetworkFailure(`not within ${TIMEOUT_MS} ms, nothing was sent`, 'TIMEOUT', false)
        : new NetworkFailure('given up, nothing was sent', 'ABORTED', false),
  });
  const key = JSON.stringify(['syslog', 'udp', address, port]);
  const datagrams = io.reuse(
    key,
    () => new Datagrams({ address, family, port }),
    (cached) => cached.close(),
  );
  await datagrams.send(text, io.beforeWrite);
}

function streamTo({ transport, host, port }: SyslogTarget, caCert: string | undefined, io: ChannelIo): SyslogStream {
  const authority = transport === 'tls' && caCert ? createHash('sha256').update(caCert).digest('hex') : '';
  const open = (): SyslogStream => {
    const secureContext = transport === 'tls' ? trustedAuthorities(caCert) : undefined;
    return new SyslogStream(async () => {
      const socket = await io.connect({ host, port, timeoutMs: TIMEOUT_MS });
      return secureContext ? openTls(socket, { host, secureContext, timeoutMs: TIMEOUT_MS }) : socket;
    });
  };
  return io.reuse(JSON.stringify(['syslog', transport, host, port, authority]), open, (cached) => cached.close());
}
