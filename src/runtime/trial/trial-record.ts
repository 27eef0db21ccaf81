import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { RecordImage } from '../../core/record.ts';
import type { Catalog } from '../../catalog/catalog.ts';

/**
 * What a trial of a map knows of its record: that of a stored one, with what was given by hand before its own values.
 * Throws MAP_RECORD_MODULE when the stored one is of another module than the map.
 */
export function recordFor(
  { map, record }: { readonly map: string; readonly record: JsonObject },
  { maps }: Catalog,
  image: RecordImage | undefined,
): { readonly record: JsonObject; readonly image: RecordImage | undefined } {
  if (image === undefined) return { record, image };
  const module = maps.get(map)?.document.module?.value;
  if (module !== undefined && module !== image.module) {
    throw new MapwrightError(
      'MAP_RECORD_MODULE',
      `${image.id} is a record of ${image.module}, the map is for ${module}`,
      {
        hint: `give the id of a record of ${module}, or the values as a JSON file`,
      },
    );
  }
  return { record: { ...image.values, ...record, id: image.id }, image };
}
