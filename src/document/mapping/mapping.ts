import type { Located } from '../../core/diagnostic.ts';
import type { DocumentHead } from '../common.ts';
import type { FieldSetting } from '../task.ts';

/** How a record, or a row of data, becomes the fields of another; from either dialect. */
export interface MappingDocument extends DocumentHead {
  readonly kind: 'mapping';
  readonly dialect: 'native' | 'corebos';
  /** The module whose records are mapped. Native: undefined for rows of plain data. coreBOS: for information only. */
  readonly from: Located<string> | undefined;
  /** The module whose fields are filled; coreBOS: for information only. */
  readonly to: Located<string> | undefined;
  /** One for each target field; in the coreBOS dialect a name with dots nests. */
  readonly fields: readonly FieldSetting[];
}
