import { randomUUID } from 'node:crypto';
import type { AuditStore } from '../../core/audit.ts';
import { MapwrightError, messageOf } from '../../core/error.ts';
import type { KeyAdministration, KeyRotation } from './key-administration.ts';
import { type RotationParts, rotateKey, rotationRunning } from './rotate-key.ts';
import { sealedRound } from './sealed-round.ts';

type Parts = Omit<RotationParts, 'holder'> & { readonly audit: AuditStore };

/** Changes of the encryption key of an install that this process works on, one at a time. */
export function keyCommands(parts: Parts): KeyAdministration {
  let state: KeyRotation | undefined;
  let isBusy = false;
  return {
    beginKeyRotation({ dryRun, leaveUnknown = false, by }) {
      if (isBusy) return Promise.reject(rotationRunning());
      isBusy = true;
      const id = (state?.id ?? 0) + 1;
      const startedAt = parts.clock.now();
      const begun = { id, dryRun, stage: 'preparing', startedAt, values: {}, resealed: 0, unknown: {} } as const;
      state = begun;
      const onProgress = (so: Partial<KeyRotation>): void => void (state = { ...begun, ...state, ...so, id });
      const work = dryRun ? countSealed(parts, onProgress) : rotate(parts, { leaveUnknown, by, onProgress });
      void work
        .then(
          (end) => onProgress({ ...end, stage: 'done' }),
          (thrown: unknown) => onProgress({ stage: 'failed', failure: failureOf(thrown) }),
        )
        .finally(() => (isBusy = false));
      return Promise.resolve(begun);
    },
    keyRotation: () => Promise.resolve(state),
  };
}

type OnProgress = (so: Partial<KeyRotation>) => void;

/** How many values there are, and how many of them would be sealed anew. */
async function countSealed({ keys }: Parts, onProgress: OnProgress): Promise<Partial<KeyRotation>> {
  const { given, inForce, rotatingSince } = await keys.state();
  const [first = inForce] = given;
  const isUnderWay = first === inForce && (given.length > 1 || rotatingSince !== undefined);
  const { values, outdated, unknown } = await sealedRound({
    keys,
    change: false,
    onStep: async (place, so) => onProgress({ stage: 'checking', place, values: so.values, unknown: so.unknown }),
  });
  const sum = (counts: Readonly<Record<string, number>>): number =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  const resealed = isUnderWay ? outdated : sum(values) - sum(unknown);
  return { values, unknown, resealed, ...(isUnderWay || first !== inForce ? { to: first } : {}) };
}

interface Rotation {
  readonly leaveUnknown: boolean;
  readonly by: string;
  readonly onProgress: OnProgress;
}

/** Its end is in the audit too: from then on the old key may be given up. */
async function rotate(parts: Parts, { leaveUnknown, by, onProgress }: Rotation): Promise<Partial<KeyRotation>> {
  const { audit, clock } = parts;
  const end = await rotateKey({ ...parts, holder: randomUUID() }, { leaveUnknown, onProgress });
  const head = {
    at: clock.now(),
    by,
    kind: 'local',
    from: 'local',
    action: 'keyRotated',
    target: end.to ?? '',
  } as const;
  const entry = await audit.begin({ ...head, detail: {} });
  await audit.end({ id: entry, outcome: 'done' });
  return end;
}

function failureOf(thrown: unknown): NonNullable<KeyRotation['failure']> {
  if (!(thrown instanceof MapwrightError)) return { code: 'KEY_ROTATION_FAILED', message: messageOf(thrown) };
  const { code, message, hint } = thrown;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}
