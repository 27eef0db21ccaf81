import type { JsonObject } from '../core/json.ts';
import { MapwrightError } from '../core/error.ts';
import type { RecordId, RecordImage } from '../core/record.ts';
import type { ChangedRecord } from '../crm/changed-record.ts';
import type { Crm } from '../crm/crm.ts';

export type { ChangedRecord } from '../crm/changed-record.ts';

/** Who changes a record, and what makes repeating it harmless. */
export interface RecordOptions {
  /** The id of a user of the install (`19x1`); the administrator when left out. */
  readonly user?: string;
  /** The same key with the same change changes nothing more, and is answered as the first time, for 30 days. */
  readonly key?: string;
}

/**
 * The built-in records. Every change is validated by its module, kept in the record's history, and starts the workflows
 * whose triggers it meets, in the same commit. A trigger with `wait` makes the call wait for its run. Methods reject with a MapwrightError (RECORD_INVALID,
 * MANDATORY_FIELDS_MISSING, ACCESS_DENIED for what is not there, ...), and with RUNTIME_OWN_RECORDS when the application
 * keeps its own.
 */
export interface BuiltInRecords {
  create(module: string, values: JsonObject, options?: RecordOptions): Promise<ChangedRecord>;
  /** Changes the fields named, and no others. */
  change(id: RecordId, values: JsonObject, options?: RecordOptions): Promise<ChangedRecord>;
  delete(id: RecordId, options?: RecordOptions): Promise<void>;
  /** Undefined when there is no such record. */
  read(id: RecordId): Promise<RecordImage | undefined>;
  /** Answers a text of the query language: `select * from Products where unit_price > 10 limit 0, 20;`. */
  query(text: string): Promise<{ readonly records: readonly RecordImage[]; readonly total: number }>;
}

/** The records of the install, as changed by `user` unless somebody else is named. `requireOpen` throws after the close. */
export function builtInRecords(
  crm: Crm,
  { user: defaultUser, requireOpen }: { readonly user: string; readonly requireOpen: () => void },
): BuiltInRecords {
  const options = ({ user = defaultUser, key }: RecordOptions = {}) => {
    requireOpen();
    return { actor: { user }, requestIdentifier: key };
  };
  return {
    create: async (module, values, given) => crm.create({ module, element: values, ...options(given) }),
    change: async (id, values, given) => crm.revise({ element: { ...values, id }, ...options(given) }),
    delete: async (id, given) => crm.delete({ id, ...options(given) }),
    async read(id) {
      requireOpen();
      return crm.read(id);
    },
    async query(text) {
      requireOpen();
      const { records, total } = await crm.query(text);
      return { records, total };
    },
  };
}

/** Refuses every call: nobody would see such a record. */
export function recordsElsewhere(): BuiltInRecords {
  const refuse = async (): Promise<never> => {
    throw new MapwrightError('RUNTIME_OWN_RECORDS', "the records of this runtime are the application's own", {
      hint: 'change the record there, and tell runtime.changed(...)',
    });
  };
  return { create: refuse, change: refuse, delete: refuse, read: refuse, query: refuse };
}
