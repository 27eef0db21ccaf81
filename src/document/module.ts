import type { Located } from '../core/diagnostic.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { DocumentHead } from './common.ts';

/** A module document. */
export interface ModuleDocument extends DocumentHead {
  readonly kind: 'module';
  readonly definition: ModuleDefinition;
  /** Where each field is declared, for references to it. */
  readonly fieldsAt: ReadonlyMap<string, Located<string>>;
}
