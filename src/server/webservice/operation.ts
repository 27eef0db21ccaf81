import type { BusinessRules } from '../../core/business-rules.ts';
import type { Clock, Ids } from '../../core/clock.ts';
import type { IdentityStore, User } from '../../core/identity-store.ts';
import type { ModuleDefinition } from '../../core/module.ts';
import type { Crm } from '../../crm/crm.ts';
import type { WorkflowStarter } from '../../engine/workflow-starter.ts';
import type { RandomBytes } from './challenge.ts';
import type { Administration } from '../../runtime/administration.ts';
import type { LoginThrottle } from '../throttle/login-throttle.ts';
import type { AcceptingQueue } from './queued-operations.ts';
import type { OperationAnswer } from './protocol-answer.ts';
import type { RequestParameters } from './request-parameters.ts';

/** What the operations work on. */
export interface OperationParts {
  readonly crm: Crm;
  readonly starter: WorkflowStarter;
  readonly identities: IdentityStore;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly randomBytes: RandomBytes;
  readonly throttle: LoginThrottle;
  readonly settings: Pick<Administration, 'settings' | 'setSetting' | 'removeSetting'>;
  /** Rules and mappings that clients may ask; without them such operations are not supported. */
  readonly rules?: BusinessRules | undefined;
  /** Where operations are put off to; without it none is. */
  readonly queue?: AcceptingQueue | undefined;
  readonly maxBodyBytes: number;
}

/** A request before anybody is known to have made it. */
export interface OpenCall {
  readonly parameters: RequestParameters;
  /** Where it came from, for counting failures. */
  readonly address: string;
  /** To be told the name of the user who is found to have made it. */
  readonly onUser?: ((name: string) => void) | undefined;
}

/** A request within a session. */
export interface SessionCall extends OpenCall {
  readonly user: User;
  readonly sessionName: string;
}

/** One operation of the protocol. Rejects with a MapwrightError whose code is the protocol's. */
export type Operation =
  | { readonly session: false; readonly run: (parts: OperationParts, call: OpenCall) => Promise<OperationAnswer> }
  | { readonly session: true; readonly run: (parts: OperationParts, call: SessionCall) => Promise<OperationAnswer> };
