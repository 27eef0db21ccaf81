import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';

const DEFAULT_PLACES = 16;

/** The parts of a task that say whom it calls. */
type Call = Pick<CompiledCallTask, 'map' | 'service'>;

/** What limits and waits are counted by: the service, or the origin of a map without one. */
export function destinationOf({ service, map }: Call): string {
  if (service !== undefined) return service.name;
  const url = map.document.call.url?.value ?? '';
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** How many calls may be under way to the destination at once. */
export function callPlaces({ service }: Pick<Call, 'service'>): number {
  return service?.document.limit.concurrent ?? DEFAULT_PLACES;
}
