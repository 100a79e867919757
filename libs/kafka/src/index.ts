export { parseBrokerAddress } from './broker-address.js';
export { type KafkaConnectionSettings, openProducer } from './open-producer.js';
export { ProduceFailure } from './produce-failure.js';
export { produceOutcome } from './produce-outcome.js';
export type { KafkaProducer, SendLimits } from './producer.js';
export type { KafkaRecord, RecordPosition } from './record.js';
export { brokersSchema, saslSchema, topicSchema } from './settings-schemas.js';
