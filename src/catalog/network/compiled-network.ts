import type { NetworkRules } from '../../core/network.ts';
import type { NetworkPart } from '../../document/network.ts';
import type { Reference } from '../../expression/compiled.ts';
import type { Scope } from '../compiled-source.ts';

/** How the calls of a service or map travel, its texts compiled. */
export interface CompiledNetwork {
  readonly document: NetworkPart;
  /** Settings and secrets it uses, the password of a proxy among them. */
  readonly references: readonly Reference[];
  /** Settings and secrets put in. Rejects with SECRET_MISSING, PARAMETER_SOURCE_MISSING. */
  evaluate(scope: Pick<Scope, 'values' | 'secret'>): Promise<NetworkRules>;
}
