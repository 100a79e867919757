/** The marks of a filling Redis, as shares of its memory limit. */
export const MARKS = {
  /** From here new events are refused, so that the stored deliveries can still be sent. */
  refuse: 0.8,
  /** From here successful deliveries are only counted, without details. */
  shed: 0.9,
  /** From here turns run without BullMQ, whose scripts need memory that may run out. */
  bypass: 0.95,
} as const;
