import type { Json } from '../../src/core/json.ts';
import type { Area, FoundFailure } from '../../tools/fuzz/area.ts';

/** What an input can make the broken target do, and the failure that this is; others go well. */
export const MISCHIEF: Readonly<Record<string, FoundFailure['kind'] | undefined>> = {
  'is fine': undefined,
  'is refused': undefined,
  throws: 'broken',
  'leaves a rejection': 'broken',
  'loops for ever': 'hang',
  'never settles': 'hang',
  dies: 'crash',
  'eats memory': 'memory',
};

/** An area that breaks every promise there is. */
export const AREA: Area = {
  name: 'broken',
  limitMs: 500,
  generate: (random): Json => ({
    does: random.oneIn(3) ? random.pick(Object.keys(MISCHIEF)) : random.pick(['is fine', 'is refused']),
    text: `\uD800 ${random.below(1000)}`,
  }),
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() }),
};

async function judge(input: Json): Promise<'accepted' | 'refused'> {
  const { does } = input as { readonly does: string };
  switch (does) {
    case 'throws':
      throw new TypeError('broken on purpose');
    case 'leaves a rejection':
      void Promise.reject(new Error('nobody waits for this'));
      await new Promise((resolve) => setImmediate(resolve));
      return 'accepted';
    case 'loops for ever':
      for (let turns = 0; ; turns++) if (turns < 0) return 'accepted';
    case 'never settles':
      return new Promise(() => undefined);
    case 'dies':
      return process.abort();
    case 'eats memory':
      // Doubled, so that it is soon over: what grows slowly at the limit looks like a hang on a busy machine.
      for (let kept: unknown[] = [does]; ;) kept = [...kept, ...kept];
    default:
      return does === 'is fine' ? 'accepted' : 'refused';
  }
}
