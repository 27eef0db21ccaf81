import { MapwrightError } from '../core/error.ts';
import type { RecordId, RecordImage } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import { didYouMean } from '../core/suggestion.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { CompiledTrigger, CompiledWorkflow } from '../catalog/compiled-workflow.ts';

/** Records that one call may start a workflow for. */
const MOST_RECORDS = 1_000;

/**
 * The workflow and its manual triggers. Throws WORKFLOW_UNKNOWN, WORKFLOW_INACTIVE, or WORKFLOW_NOT_MANUAL when nobody
 * may start it by hand.
 */
export function startableWorkflow(
  catalog: Catalog,
  name: string,
): { readonly workflow: CompiledWorkflow; readonly triggers: readonly CompiledTrigger[] } {
  const workflow = catalog.workflows.get(name);
  if (workflow === undefined) {
    const hint = didYouMean(name, catalog.workflows.keys()) ?? startableNames(catalog);
    throw new MapwrightError('WORKFLOW_UNKNOWN', `there is no workflow "${name.slice(0, 100)}"`, { hint });
  }
  if (!workflow.document.active) {
    throw new MapwrightError('WORKFLOW_INACTIVE', `workflow "${name}" is switched off`, {
      hint: 'remove active="false" from it and apply it',
    });
  }
  const triggers = catalog.triggersOf(workflow.module?.name, 'manual').filter((one) => one.workflow === name);
  if (triggers.length > 0) return { workflow, triggers };
  throw new MapwrightError('WORKFLOW_NOT_MANUAL', `workflow "${name}" is not started by hand`, {
    hint: 'add <trigger on="manual"/> to it and apply it',
  });
}

function startableNames({ workflows }: Catalog): string {
  const names = [...workflows.values()]
    .filter(({ document }) => document.active && document.triggers.some(({ on }) => on === 'manual'))
    .map(({ name }) => name);
  return names.length === 0 ? 'no workflow has <trigger on="manual"/>' : `there are: ${names.slice(0, 8).join(', ')}`;
}

/**
 * The records that the workflow is started for, each once. Throws START_RECORD_MISSING, START_RECORD_NEEDLESS,
 * START_TOO_MANY, START_RECORD_UNKNOWN or START_RECORD_MODULE.
 */
export async function requireRecords(
  host: Pick<RecordHost, 'read'>,
  { name, module }: CompiledWorkflow,
  given: readonly RecordId[],
): Promise<readonly RecordImage[]> {
  const ids = [...new Set(given)];
  if (module === undefined && ids.length > 0) {
    throw new MapwrightError(
      'START_RECORD_NEEDLESS',
      `workflow "${name}" has no module: it is started without records`,
    );
  }
  if (module !== undefined && ids.length === 0) {
    throw new MapwrightError('START_RECORD_MISSING', `workflow "${name}" is started for records of ${module.name}`, {
      hint: `name at least one, such as ${module.prefix}x1: by --record on the command line, in entities over the web service`,
    });
  }
  if (ids.length > MOST_RECORDS) {
    throw new MapwrightError('START_TOO_MANY', `${ids.length} records are too many for one start`, {
      hint: `start it for ${MOST_RECORDS} at a time`,
    });
  }
  const images: RecordImage[] = [];
  for (const id of ids) images.push(await requireRecord(host, { name, module: module?.name ?? '', id }));
  return images;
}

async function requireRecord(
  host: Pick<RecordHost, 'read'>,
  { name, module, id }: { readonly name: string; readonly module: string; readonly id: RecordId },
): Promise<RecordImage> {
  const image = await host.read(id);
  if (image === undefined) {
    throw new MapwrightError('START_RECORD_UNKNOWN', `there is no record "${id.slice(0, 60)}"`, {
      hint: `give the id of a record of ${module}`,
    });
  }
  if (image.module === module) return image;
  throw new MapwrightError(
    'START_RECORD_MODULE',
    `${id} is a record of ${image.module}, workflow "${name}" is for ${module}`,
  );
}
