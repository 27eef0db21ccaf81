import type { Sealer } from '../../core/secret-store.ts';
import { VALUE_PURPOSE } from '../sealing.ts';
import type { KeyRing } from './key-ring.ts';

/** A sealer of values that are stored among others. */
export function createSealer(ring: KeyRing): Sealer {
  return {
    seal: (plain) => ring.seal(VALUE_PURPOSE, plain),
    open: (sealed) => ring.open(VALUE_PURPOSE, sealed),
    isCurrent: (sealed) => ring.isCurrent(sealed),
  };
}
