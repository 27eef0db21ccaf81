import type { AwaitRuns, AwaitedRun, WaitedRun } from '../core/awaited-run.ts';
import type { RecordImage } from '../core/record.ts';
import { type Directory, readRecord } from './reference.ts';

/** A record after a change. `runs` is there when a trigger made the caller wait for what the change started. */
export interface ChangedRecord extends RecordImage {
  readonly runs?: readonly AwaitedRun[];
}

/** A committed change, and the runs that its caller is to wait for. */
export interface CommittedChange {
  readonly image: RecordImage;
  readonly waited: readonly WaitedRun[];
}

/**
 * The record as it is when the runs that the caller waits for have ended or their time is up. Never rejects: the change
 * is committed, whatever becomes of the waiting.
 */
export async function awaitChange(
  parts: Directory & { readonly awaitRuns?: AwaitRuns },
  { image, waited }: CommittedChange,
): Promise<ChangedRecord> {
  if (waited.length === 0 || parts.awaitRuns === undefined) return image;
  try {
    const runs = await parts.awaitRuns(waited);
    return { ...((await readRecord(parts, image.id)) ?? image), runs };
  } catch {
    return image;
  }
}
