import type { LegacyExpression } from '../legacy.ts';
import type { ReferencePath } from '../referred-record.ts';

/** A stretch of a template. `source` is how a placeholder is written. */
export type TemplatePiece =
  | { readonly kind: 'text'; readonly text: string }
  | ({ readonly kind: 'variable'; readonly name: string } & Written)
  | ({ readonly kind: 'path'; readonly names: readonly string[] } & Written)
  | ({ readonly kind: 'referred' } & ReferencePath & Written)
  | ({ readonly kind: 'meta'; readonly name: string } & Written)
  | ({ readonly kind: 'function'; readonly expression: LegacyExpression } & Written);

export interface Written {
  readonly source: string;
  readonly offset: number;
}
