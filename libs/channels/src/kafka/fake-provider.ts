import { BrokerStandIn, type KafkaError } from '../../../kafka/test/broker-stand-in.js';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { valuesOf } from '../../test/json-values.js';

const LOGIN = { username: 'alerts', password: 'hunter22' };
const TOPIC = 'alerts';

const ANSWERS: Partial<Record<Situation, KafkaError | 'hang'>> = {
  delivered: 'NONE',
  rejected: 'MESSAGE_TOO_LARGE',
  unavailable: 'NOT_LEADER_FOR_PARTITION',
  unknown: 'hang',
};

/** Starts a cluster of one broker that requires a login. */
export async function startFakeProvider({ tls }: { tls: boolean }): Promise<FakeProvider> {
  const broker = await BrokerStandIn.start({ topic: TOPIC, login: LOGIN, ...(tls && { tls: SERVER }) });
  const shown: string[] = [];
  const deliveryIds: string[] = [];
  broker.onAccepted = ({ value, headers }) => {
    shown.push(valuesOf(value));
    deliveryIds.push(headers['delivery-id'] ?? '');
  };
  return {
    config: {
      brokers: `localhost:${broker.port}`,
      topic: TOPIC,
      sasl: { mechanism: 'plain', ...LOGIN },
      ...(tls && { tls, caCert: AUTHORITY }),
    },
    play(situation) {
      broker.onProduce = () => ANSWERS[situation] ?? 'NONE';
      const isRefused = situation === 'misconfigured';
      if (isRefused) broker.drop();
      broker.onLogin = isRefused ? 'refuse' : 'check';
    },
    shown,
    deliveryIds,
    complaints: broker.complaints,
    close: () => broker.stop(),
  };
}
