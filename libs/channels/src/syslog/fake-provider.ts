import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { parseRfc5424 } from '../../test/rfc5424-reference.js';
import { startSyslogReceiver } from '../../test/syslog-receiver.js';

/** Maximum message size of rsyslogd: https://www.rsyslog.com/doc/rainerscript/global.html (maxMessageSize) */
const BYTES_MAX = 8_096;

/** A syslog server over TCP or TLS. UDP is not covered, because it has no outcomes to test. */
export async function startFakeProvider(transport: 'tcp' | 'tls'): Promise<FakeProvider> {
  let situation: Situation = 'delivered';
  const shown: string[] = [];
  const deliveryIds: string[] = [];
  const complaints: string[] = [];

  function accept(message: string): void {
    const { data, text } = parseRfc5424(message);
    shown.push([text, ...Object.values(data).flatMap((fields) => Object.values(fields))].join('\n'));
    deliveryIds.push(data['tocsin@32473']?.delivery_id ?? '');
    complaints.push(...complaintsOf(message));
  }
  const receiver = await startSyslogReceiver({
    ...(transport === 'tls' && { tls: SERVER }),
    onConnection: ({ socket, messages }) =>
      socket.on('data', () => {
        const read = messages.splice(0);
        if (situation === 'unknown') socket.destroy();
        else read.forEach(accept);
      }),
  });

  return {
    config: {
      target: `${transport}://localhost:${receiver.port}`,
      ...(transport === 'tls' && { caCert: AUTHORITY }),
    },
    play(next) {
      situation = next;
    },
    shown,
    deliveryIds,
    complaints,
    close: () => receiver.stop(),
  };
}

function complaintsOf(message: string): string[] {
  return [
    ...(Buffer.byteLength(message) > BYTES_MAX
      ? [`${Buffer.byteLength(message)} bytes: ${message.slice(0, 200)}`]
      : []),
    ...(/[\p{Cc}\p{Zl}\p{Zp}]/u.test(message) ? [`control characters: ${JSON.stringify(message)}`] : []),
  ];
}
