import type { NodeRegister } from '../../core/node.ts';

/** The register of an install in a folder: the process that owns it is alone. */
export function soleProcess(id: string): NodeRegister {
  return {
    id,
    join: () => Promise.resolve(),
    list: () => Promise.resolve([]),
    clock: undefined,
  };
}
