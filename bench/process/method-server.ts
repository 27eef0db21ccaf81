import type { Methods, Question, Reply } from './methods.ts';

/** Answers what the parent asks; ends with the channel to it. */
export function serveMethods(methods: Methods): void {
  process.on('message', (question: Question) => void answer(methods, question));
  process.on('disconnect', () => process.exit());
}

async function answer(methods: Methods, { id, method, params }: Question): Promise<void> {
  let reply: Reply;
  try {
    const asked = methods[method];
    if (asked === undefined) throw new Error(`this process has no method "${method}"`);
    reply = { id, result: await asked(params) };
  } catch (thrown) {
    reply = { id, failure: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) };
  }
  process.send?.(reply);
}
