import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import {
  atMostSetting,
  checkRetentionSetting,
  isOutcome,
  KEPT_KINDS,
  KEEP_HINT,
  keepSetting,
  retentionOf,
} from '../../core/retention.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Store } from '../../store/store.ts';
import type {
  KeptEntry,
  RetentionAdministration,
  RetentionChange,
  RetentionReport,
} from './retention-administration.ts';
import { countDue, runRules, workflowKeeps } from './retention-rules.ts';

interface Parts {
  readonly store: Pick<Store, 'retention' | 'settings'>;
  readonly catalog: () => Catalog;
  readonly clock: Clock;
}

type Settings = Readonly<Record<string, string>>;
/** The settings that a change sets; undefined takes one away. */
type SettingChanges = readonly (readonly [name: string, value: string | undefined])[];

/** What an administrator can do about how long things are kept. */
export function retentionCommands(parts: Parts): RetentionAdministration {
  const { settings } = parts.store;
  return {
    retention: async () => report(parts, await settings.all()),
    previewRetention: async (change) => report(parts, changed(await settings.all(), settingChanges(change))),
    async setRetention(change) {
      for (const [name, value] of settingChanges(change)) {
        if (value === undefined) await settings.remove(name);
        else await settings.set(name, value);
      }
      return report(parts, await settings.all());
    },
  };
}

/** Throws RETENTION_INVALID or SETTING_INVALID for a change that cannot be. */
function settingChanges({ kind, keep, atMost }: RetentionChange): SettingChanges {
  if (keep === undefined && atMost === undefined) {
    throw new MapwrightError('RETENTION_INVALID', `nothing is said about how long ${kind} is kept`, {
      hint: KEEP_HINT,
    });
  }
  const changes: [name: string, value: string | undefined][] = [];
  if (keep !== undefined) changes.push([keepSetting(kind), keep === 'default' ? undefined : keep]);
  if (atMost !== undefined) {
    if (!isOutcome(kind)) {
      throw new MapwrightError('RETENTION_INVALID', `${kind} cannot be kept by number`, {
        hint: 'runs can: completed, handled, failed, canceled',
      });
    }
    changes.push([atMostSetting(kind), atMost === null ? undefined : String(atMost)]);
  }
  for (const [name, value] of changes) if (value !== undefined) checkRetentionSetting(name, value);
  return changes;
}

function changed(settings: Settings, changes: SettingChanges): Settings {
  const after: Record<string, string | undefined> = { ...settings, ...Object.fromEntries(changes) };
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

async function report({ store, catalog, clock }: Parts, settings: Settings): Promise<RetentionReport> {
  const now = clock.now();
  const policy = retentionOf(settings);
  const keeps = workflowKeeps(catalog());
  const rules = await runRules(store.retention, { policy, keeps, now });
  const due = new Map(
    await Promise.all(rules.map(async (of) => [of.outcome, await countDue(store.retention, of)] as const)),
  );
  const kinds = KEPT_KINDS.map((kind): KeptEntry => {
    const { keepMs, atMost } = policy[kind];
    return {
      kind,
      keepMs,
      atMost,
      isSet: keepSetting(kind) in settings || (isOutcome(kind) && atMostSetting(kind) in settings),
      ...(keepMs === null ? {} : { before: now - keepMs }),
      ...(isOutcome(kind) ? { due: due.get(kind) ?? 0 } : {}),
    };
  });
  const workflows = [...keeps].map(([workflow, { keepMs, keepFailedMs }]) => ({
    workflow,
    ...(keepMs === undefined ? {} : { keepMs }),
    ...(keepFailedMs === undefined ? {} : { keepFailedMs }),
  }));
  return { kinds, workflows, last: await store.retention.figures() };
}
