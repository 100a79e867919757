import type { Situation } from './channel-suite.js';

/** The answers of a fake provider: those documented for the situation, unless a test sets another one. */
export function createAnswerScript<Answer>(answers: Readonly<Partial<Record<Situation, Answer>>>, ok: Answer) {
  let situation: Situation = 'delivered';
  let forMessages: Answer | undefined;
  let forTokens: Answer | 'hang' | undefined;
  return {
    toMessage: (): Answer | 'hang' => (situation === 'unknown' ? 'hang' : (forMessages ?? answers[situation] ?? ok)),
    /** Undefined if the fake decides by the request. */
    toTokenRequest: () => forTokens,
    /** The methods that tests call. */
    direction: {
      play(next: Situation) {
        situation = next;
        forMessages = undefined;
        forTokens = undefined;
      },
      /** Sets the answer to every further message. */
      answer(next: Answer) {
        forMessages = next;
      },
      answerForTokens(next: Answer | 'hang') {
        forTokens = next;
      },
    },
  };
}
