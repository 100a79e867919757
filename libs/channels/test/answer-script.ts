import type { Situation } from './channel-suite.js';

/** What a provider's stand-in answers, as a test has told it; what it documents for the situation, unless told more. */
export function createAnswerScript<Answer>(answers: Readonly<Partial<Record<Situation, Answer>>>, ok: Answer) {
  let situation: Situation = 'delivered';
  let told: Answer | undefined;
  let toldOfTokens: Answer | 'hang' | undefined;
  return {
    toMessage: (): Answer | 'hang' => (situation === 'unknown' ? 'hang' : (told ?? answers[situation] ?? ok)),
    /** Undefined where it goes by what it is asked. */
    toTokenRequest: () => toldOfTokens,
    /** For tests. */
    direction: {
      play(next: Situation) {
        situation = next;
        told = undefined;
        toldOfTokens = undefined;
      },
      /** What it answers to every message from now on. */
      answer(next: Answer) {
        told = next;
      },
      answerForTokens(next: Answer | 'hang') {
        toldOfTokens = next;
      },
    },
  };
}
