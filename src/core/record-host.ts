import type { Actor, RecordId, RecordImage, RecordValue } from './record.ts';
import type { RecordWrite } from './unit-of-work.ts';

/** Where a run's records live: the built-in CRM, or the application that embeds the runtime. */
export interface RecordHost {
  read(id: RecordId): Promise<RecordImage | undefined>;
  /**
   * Decides a change of some fields on this image, validated as the module says (read-only fields may be written).
   * Undefined when nothing differs. Rejects with RECORD_INVALID naming the field.
   */
  decideUpdate(params: {
    image: RecordImage;
    fields: Readonly<Record<string, RecordValue>>;
    actor: Actor;
  }): Promise<RecordWrite | undefined>;
  /** The value of `field`, which may go through references (`account_id.accountname`); undefined when there is no such field. */
  fieldThrough(image: RecordImage, path: readonly string[]): Promise<RecordValue | undefined>;
  /** The name by which people know a record or user: its title field, or the user's name; undefined when there is none. */
  displayName(id: RecordId): Promise<string | undefined>;
}
