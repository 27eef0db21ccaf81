import { rm } from 'node:fs/promises';
import type { BackupFacts, BackupWriter } from '../../core/backup.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { BackupAdministration, BackupParams, BackupState } from './backup-administration.ts';
import { type BackupTarget, backupTarget, clearOld, clearPartials, publish, targetFailure } from './backup-target.ts';

interface Parts {
  readonly backups: BackupWriter;
  readonly installId: string;
  readonly folder: string;
  /** True when the install is in PostgreSQL. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  readonly version: string;
}

/** Makes backups of an install that this process works on, one at a time. */
export function backupCommands(parts: Parts): BackupAdministration {
  let state: BackupState | undefined;
  let isBusy = false;
  const begin = async (params: BackupParams): Promise<BackupState> => {
    const at = parts.clock.now();
    // Rejects at once, before there is anything to wait for.
    if (!parts.isAlone) await refusedWrite(parts);
    const target = await backupTarget({ ...parts, ...params, at }).catch((thrown: unknown) => {
      throw targetFailure(thrown);
    });
    const id = (state?.id ?? 0) + 1;
    const begun: BackupState = { id, stage: 'copying', file: target.file, startedAt: at, doneBytes: 0, bytes: 0 };
    state = begun;
    void carryOut(parts, { target, at, onProgress: (progress) => (state = { ...begun, ...state, ...progress, id }) })
      .then(
        ({ facts, removed }) =>
          (state = { ...begun, stage: 'done', doneBytes: facts.bytes, bytes: facts.bytes, facts, removed }),
        (thrown: unknown) => (state = { ...begun, stage: 'failed', failure: failureOf(thrown) }),
      )
      .finally(() => (isBusy = false));
    return begun;
  };
  return {
    async beginBackup(params) {
      if (isBusy) throw busy(state);
      isBusy = true;
      try {
        return await begin(params);
      } catch (thrown) {
        isBusy = false;
        throw thrown;
      }
    },
    backupState: () => Promise.resolve(state),
  };
}

interface Job {
  readonly target: BackupTarget;
  readonly at: number;
  readonly onProgress: Parameters<BackupWriter['write']>[0]['onProgress'];
}

async function carryOut(
  { backups, installId, version }: Parts,
  { target, at, onProgress }: Job,
): Promise<{ readonly facts: BackupFacts; readonly removed: readonly string[] }> {
  try {
    await clearPartials(target, installId);
    const facts = await backups.write({ file: target.partial, madeAt: at, version, onProgress });
    await publish(target);
    return { facts, removed: await clearOld(target, installId) };
  } catch (thrown) {
    await Promise.all([rm(target.partial, { force: true }), rm(`${target.partial}-journal`, { force: true })]);
    throw targetFailure(thrown);
  }
}

function refusedWrite({ backups, clock, version }: Parts): Promise<BackupFacts> {
  return backups.write({ file: '', madeAt: clock.now(), version, onProgress: () => undefined });
}

function failureOf(thrown: unknown): NonNullable<BackupState['failure']> {
  if (!(thrown instanceof MapwrightError)) return { code: 'BACKUP_FAILED', message: messageOf(thrown) };
  const { code, message, hint } = thrown;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function busy(state: BackupState | undefined): MapwrightError {
  return new MapwrightError('BACKUP_RUNNING', `a backup is being made already: ${state?.file ?? ''}`, {
    hint: 'wait until it is done',
    retryable: true,
  });
}
