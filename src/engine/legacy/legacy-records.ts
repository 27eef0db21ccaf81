import { MapwrightError } from '../../core/error.ts';
import { IDENTITY_MODULES } from '../../core/identity-module.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { RecordId, RecordImage } from '../../core/record.ts';
import { recordPrefix } from '../../core/record.ts';
import type { RecordHost } from '../../core/record-host.ts';
import { type ConditionScope, renderConditions } from '../../expression/legacy/condition/condition-query.ts';
import type {
  LegacyClock,
  LegacyPreferences,
  LegacyRecords,
  LegacyRow,
  LegacySearch,
} from '../../expression/legacy/services.ts';
import { legacyModule } from './legacy-module.ts';
import { rowQuery } from './row-query.ts';
import { rowOf } from './stored-text.ts';

/** Records that one function may look through. */
const MOST_ROWS = 10_000;
const PAGE = 1_000;

/** Where records are read and looked for. */
export interface RecordReach {
  readonly host: Pick<RecordHost, 'read' | 'search' | 'displayName'>;
  /** The modules in force. */
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
}

/** What conditions are judged with. */
export interface RecordJudgement {
  readonly clock: LegacyClock;
  readonly preferences: LegacyPreferences;
  /** Judges conditions that the database cannot judge, or not exactly. */
  filter(rows: readonly LegacyRow[], conditions: LegacySearch['conditions']): Promise<readonly LegacyRow[]>;
}

/** Records of an install. */
export function legacyRecords(reach: RecordReach, judgement: RecordJudgement): LegacyRecords {
  const named = (name: string) => reach.modules().get(name) ?? IDENTITY_MODULES.get(name);
  const ofId = (id: string) => allModules(reach).find(({ prefix }) => prefix === recordPrefix(id));
  return {
    module: (name) => legacyOrNone(named(name)),
    moduleOf: (id) => legacyOrNone(ofId(id)),
    async read(id) {
      const image = await readImage(reach, id, ofId(id));
      const module = image && named(image.module);
      return image === undefined || module === undefined ? undefined : rowOf(image, module);
    },
    displayName: (id) => reach.host.displayName(id),
    find: (search) => findRows(reach, search, judgement),
  };
}

function allModules({ modules }: RecordReach): ModuleDefinition[] {
  return [...new Map([...IDENTITY_MODULES, ...modules()]).values()];
}

function legacyOrNone(module: ModuleDefinition | undefined) {
  return module && legacyModule(module);
}

/** Hosts read records; users and groups are found by searching. */
async function readImage(
  { host }: RecordReach,
  id: string,
  module: ModuleDefinition | undefined,
): Promise<RecordImage | undefined> {
  if (module === undefined || !IDENTITY_MODULES.has(module.name)) return host.read(id);
  const where = { kind: 'compare', field: 'id', operator: '=', value: id } as const;
  const query = { module: module.name, select: '*', where, order: [], offset: 0, limit: 1 } as const;
  return (await host.search?.(query))?.[0];
}

async function findRows(
  reach: RecordReach,
  search: LegacySearch,
  judgement: RecordJudgement,
): Promise<readonly LegacyRow[]> {
  const asked = databaseSearch(reach, search, judgement);
  if (asked === undefined) return [];
  const { host, module, where, isExact } = asked;
  const { order = [], holds = () => true } = search;
  const query = { module: module.name, select: '*', where, order } as const;
  const wanted = search.limit ?? Number.POSITIVE_INFINITY;
  const limit = isExact && search.holds === undefined ? Math.min(PAGE, wanted) : PAGE;
  const found: LegacyRow[] = [];
  for (let offset = 0; ; offset += limit) {
    const images = await host.search({ ...query, offset, limit });
    if (offset >= MOST_ROWS && images.length > 0) break;
    const rows = images.map((image) => rowOf(image, module)).filter(holds);
    found.push(...(isExact ? rows : await judgement.filter(rows, search.conditions)));
    if (images.length < limit || found.length >= wanted) return found.slice(0, wanted);
  }
  throw new MapwrightError(
    'EXPRESSION_TOO_LARGE',
    `a function looks through more than ${MOST_ROWS} of ${module.label}`,
    {
      hint: 'narrow its conditions, or keep the figure in a field',
    },
  );
}

/** Records by rising ids, a page of them: a place that stays right when records come and go. */
export interface RecordPage {
  readonly images: readonly RecordImage[];
  /** The last record that was looked at; undefined when there are no more. */
  readonly next: RecordId | undefined;
}

/**
 * A page of what a search finds, its order and limit aside: `limit` records behind `after` are looked at, however many
 * meet the conditions. Any number of records can be gone through so. Rejects with EXPRESSION_FAILED where records cannot be searched.
 */
export async function searchPage(
  reach: RecordReach,
  params: {
    readonly search: LegacySearch;
    readonly judgement: RecordJudgement;
    readonly after: RecordId | undefined;
    readonly limit: number;
  },
): Promise<RecordPage> {
  const { search, judgement, after, limit } = params;
  const asked = databaseSearch(reach, search, judgement);
  if (asked === undefined) return { images: [], next: undefined };
  const { host, module, where: own, isExact } = asked;
  const behind = after === undefined ? [] : [{ kind: 'compare', field: 'id', operator: '>', value: after } as const];
  const where = { kind: 'and', parts: [...own.parts, ...behind] } as const;
  const order = [{ field: 'id', descending: false }];
  const images = await host.search({ module: module.name, select: '*', where, order, offset: 0, limit });
  const next = images.length < limit ? undefined : images.at(-1)?.id;
  const rows = images.map((image) => rowOf(image, module)).filter(search.holds ?? (() => true));
  const kept = isExact ? rows : await judgement.filter(rows, search.conditions);
  const ids = new Set(kept.map(({ id }) => id));
  return { images: images.filter(({ id }) => ids.has(id)), next };
}

/** The search as far as the database makes it; undefined for a module that is not there, or a field that it lacks. */
function databaseSearch(reach: RecordReach, search: LegacySearch, judgement: RecordJudgement) {
  const { host } = reach;
  const find = host.search?.bind(host);
  if (find === undefined) throw searchUnavailable();
  const module = reach.modules().get(search.module) ?? IDENTITY_MODULES.get(search.module);
  const exact = module && rowQuery(search, module, allModules(reach));
  if (module === undefined || exact === undefined) return undefined;
  const { where, isExact } = renderConditions(search.conditions, conditionScope(reach, module, judgement));
  const parts = [exact, where, search.where].filter((part) => part !== undefined);
  return { host: { search: find }, module, where: { kind: 'and', parts } as const, isExact };
}

function conditionScope(
  reach: RecordReach,
  module: ModuleDefinition,
  { clock, preferences }: RecordJudgement,
): ConditionScope {
  const prefixes = new Map(allModules(reach).map(({ name, prefix }) => [name, prefix]));
  return { module: legacyModule(module), clock, preferences, prefixOf: (name) => prefixes.get(name) };
}

function searchUnavailable(): MapwrightError {
  return new MapwrightError('EXPRESSION_FAILED', 'the application that keeps the records cannot search them', {
    hint: "leave out functions that look for records, or give the application's records a search method",
  });
}
