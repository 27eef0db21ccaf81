import type { RecordId } from './record.ts';

/** The lane of a record's runs: they go one at a time. `stream` makes a second lane for the same record. */
export function laneOf(params: { readonly recordId: RecordId; readonly stream: string | undefined }): string {
  return params.stream === undefined ? params.recordId : `${params.recordId}/${params.stream}`;
}
