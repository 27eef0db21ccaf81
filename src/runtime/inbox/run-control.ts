import { MapwrightError } from '../../core/error.ts';
import { keepText, retentionOf, RUN_OUTCOMES } from '../../core/retention.ts';
import type { Run, RunId } from '../../core/run.ts';
import { lateCommand } from '../../engine/intervention/command-error.ts';
import { type CommandHead, decideCommand, withdrawOrder } from '../../engine/intervention/decide-command.ts';
import type { RunCommand } from '../../engine/intervention/run-command.ts';
import type { Engine } from '../../engine/engine.ts';
import type { Store } from '../../store/store.ts';

/** What is needed to carry out what people want done with runs. */
export interface RunControlParts {
  readonly store: Pick<Store, 'journal' | 'inbox' | 'retention' | 'settings'>;
  readonly engine: Engine;
  /** The revision in force. */
  readonly latest: () => number;
}

/** Carries out a command on one run. Rejects when it does not fit, or somebody else was first. */
export async function commandRun(
  parts: RunControlParts,
  params: { readonly run: RunId; readonly command: RunCommand; readonly head: CommandHead; readonly dueAt?: number },
): Promise<void> {
  const { store, engine, latest } = parts;
  const { head, command, dueAt = head.at } = params;
  const run = await existingRun(parts, params.run);
  const item = await store.inbox.item(run.id);
  const intervention = await decideCommand(engine, { run, item, command, head, latest: latest(), dueAt });
  if (!(await store.journal.intervene(intervention))) throw lateCommand(run.id, await firstActor(parts, run.id));
  await tellUnbegunEnd(engine, run.id);
  if (intervention.kind === 'mark') return;
  const { successor } = intervention.kind === 'restart' ? await store.inbox.restarts(run.id) : {};
  const woken = successor === undefined ? [run.id] : [run.id, successor];
  await engine.dispatcher.kick(woken.map((id) => ({ run: id, at: dueAt })));
}

/** Takes back an order that no worker has begun; false when there is none any more. */
export async function takeBack(
  { store }: Pick<RunControlParts, 'store'>,
  params: { readonly run: RunId; readonly head: CommandHead },
): Promise<boolean> {
  const run = await store.journal.run(params.run);
  const withdrawal = run && withdrawOrder(run, params.head);
  return withdrawal !== undefined && (await store.journal.intervene(withdrawal));
}

/** Rejects with RUN_UNKNOWN, and with RUN_REMOVED for one that had been kept long enough. */
export async function existingRun({ store }: Pick<RunControlParts, 'store'>, id: RunId): Promise<Run> {
  const run = await store.journal.run(id);
  if (run !== undefined) return run;
  await requireNotRemoved(store, id);
  throw new MapwrightError('RUN_UNKNOWN', `there is no run ${id}`, {
    hint: 'mapwright runs list shows those there are',
  });
}

/** Numbers of runs rise and are given once: one below the newest that is not there was there. */
async function requireNotRemoved(store: RunControlParts['store'], id: RunId): Promise<void> {
  const [{ removed }, [newest], settings] = await Promise.all([
    store.retention.figures(),
    store.journal.runs({ limit: 1 }),
    store.settings.all(),
  ]);
  if (RUN_OUTCOMES.every((outcome) => removed[outcome] === undefined) || id >= (newest?.id ?? 0)) return;
  const policy = retentionOf(settings);
  const kept = RUN_OUTCOMES.map((outcome) => `${outcome} ${keepText(policy[outcome].keepMs)}`).join(', ');
  throw new MapwrightError(
    'RUN_REMOVED',
    `run ${id} has been removed: runs are kept for a while after their end (${kept})`,
    {
      hint: 'mapwright retention shows how long; what people did to the run is still in the audit',
    },
  );
}

async function firstActor({ store }: RunControlParts, run: RunId) {
  const entries = await store.inbox.history({ run, limit: 20 });
  return entries.find(({ tookEffect }) => tookEffect);
}

/** A run that is canceled before it began ends in the journal, and no worker tells of it. */
async function tellUnbegunEnd({ journal, hears, onEvent }: Engine, id: number): Promise<void> {
  if (!hears('run-ended')) return;
  const run = await journal.run(id);
  if (run?.status !== 'canceled' || run.startedAt !== undefined) return;
  const { workflow, status, failure, handled } = run;
  onEvent({ kind: 'run-ended', run: id, workflow, status, failure, handled });
}
