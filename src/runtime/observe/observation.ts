import type { Observation } from '../../core/observation.ts';
import type { Store } from '../../store/store.ts';

/** Name of the secret by which figures may be read from elsewhere. */
export const METRICS_TOKEN = 'metrics_token';

/** How the install on this store is doing. */
export function createObservation(
  store: Pick<Store, 'watch' | 'inbox' | 'destinations' | 'retention' | 'secrets'>,
  { pulse, tracer, mask }: Pick<Observation, 'pulse' | 'tracer' | 'mask'>,
): Observation {
  return {
    store: store.watch,
    pulse,
    tracer,
    mask,
    async unresolved() {
      const counts = new Map<string, number>();
      for (const { workflow, count } of await store.inbox.groups({})) {
        counts.set(workflow, (counts.get(workflow) ?? 0) + count);
      }
      return counts;
    },
    async destinations() {
      const known = await store.destinations.states();
      return known.map(({ key, state }) => ({ key, state: state.kind }));
    },
    retention: () => store.retention.figures(),
    metricsToken: () => store.secrets.get(METRICS_TOKEN),
  };
}
