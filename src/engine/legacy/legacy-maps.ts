import { setImmediate as nextTurn } from 'node:timers/promises';
import { MapwrightError } from '../../core/error.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LegacyMaps, LegacyServices, LegacyUser } from '../../expression/legacy/services.ts';

/** The documents that legacy functions run by name. */
export type LegacyDocuments = Pick<Catalog, 'rules' | 'mappings' | 'recordSets' | 'informationMaps'>;

/** A rule may ask another, this many of them inside each other. */
const MAX_DEPTH = 16;
const DEFAULT_MAX_MS = 30_000;
/** Rules asked in one go: others have their turn in between. */
const IN_ONE_GO = 50;

/** One question of an expression, with all the rules that it leads to: each asks few, and together they may be millions. */
interface Question {
  readonly startedAt: number;
  asked: number;
}

/**
 * Rules, mappings and lists of one revision, as legacy functions reach them. Names are taken as they are written, and letter
 * case aside when no document has exactly that name. Rejects with RULE_TOO_DEEP when rules ask each other in a circle, and with
 * EXPRESSION_TIMEOUT when they come to no end.
 */
export function legacyMaps(params: {
  readonly documents: LegacyDocuments;
  /** Everything else that a rule reaches; asked when one is run. */
  readonly services: () => LegacyServices;
  readonly user: LegacyUser;
  /** What the run sees that asks; left out where none does. */
  readonly asker?: GivenValues['asker'];
  /** What a rule may take with all that it asks, in milliseconds. Default: 30,000. */
  readonly maxMs?: number;
}): LegacyMaps {
  return mapsAt(params, 0, undefined);
}

function mapsAt(params: Parameters<typeof legacyMaps>[0], depth: number, outer: Question | undefined): LegacyMaps {
  const { documents, services, user, asker, maxMs = DEFAULT_MAX_MS } = params;
  const given = async (values: JsonObject): Promise<GivenValues> => {
    if (depth >= MAX_DEPTH) throw tooDeep();
    const question = outer ?? { startedAt: performance.now(), asked: 0 };
    question.asked += 1;
    if (question.asked % IN_ONE_GO === 0) await takeTurn(question, maxMs);
    return { values, user, asker, services: { ...services(), maps: mapsAt(params, depth + 1, question) } };
  };
  return {
    evaluateRule: async (name, values) => named(documents.rules, name)?.evaluate(await given(values)),
    applyMapping: async (name, values) => named(documents.mappings, name)?.apply(await given(values)),
    async records(name, values, module) {
      const set = named(documents.recordSets, name);
      if (set !== undefined) return set.records(services(), module);
      return named(documents.rules, name)?.records?.(await given(values));
    },
    information: async (name) => named(documents.informationMaps, name)?.values,
  };
}

function named<T>(among: ReadonlyMap<string, T>, name: string): T | undefined {
  const exact = among.get(name.trim());
  if (exact !== undefined) return exact;
  const wanted = name.trim().toLowerCase();
  return [...among].find(([known]) => known.toLowerCase() === wanted)?.[1];
}

async function takeTurn({ startedAt }: Question, maxMs: number): Promise<void> {
  await nextTurn();
  if (performance.now() - startedAt <= maxMs) return;
  throw new MapwrightError('EXPRESSION_TIMEOUT', `a rule with all that it asks took longer than ${maxMs} ms`, {
    hint: 'let rules ask fewer others, or keep what they say in a field',
  });
}

function tooDeep(): MapwrightError {
  return new MapwrightError('RULE_TOO_DEEP', `more than ${MAX_DEPTH} rules ask each other`, {
    hint: 'look for rules or mappings that name each other in a circle',
  });
}
