import { decodeEntities } from '../entities.ts';

/** A value written as a text, as it is compared: entities decoded, trimmed, the editor's words for checkboxes as `1` and `0`. */
export function rawValue(written: string | null): string {
  const text = decodeEntities(written ?? '').trim();
  return text === 'true:boolean' ? '1' : text === 'false:boolean' ? '0' : text;
}
