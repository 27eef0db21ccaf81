import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Observation } from '../../core/observation.ts';

const NS = 1e9;
const RESOLUTION_MS = 10;
const QUANTILES = [50, 99, 100] as const;

/** A figure that is taken when it is read. */
interface Figure {
  readonly name: string;
  readonly help: string;
  readonly now: () => number;
}

/** Figures of this process. Gives the function that ends it. */
export function gaugeProcess(params: {
  readonly registry: Registry;
  readonly observation: Observation;
  readonly version: string;
}): () => void {
  const { registry, observation, version } = params;
  for (const { name, help, now } of [...workerGauges(observation), ...RESOURCE_GAUGES]) {
    const gauge: Gauge = new Gauge({ name, help, registers: [], collect: () => gauge.set(now()) });
    registry.registerMetric(gauge);
  }
  for (const { name, help, now } of [...commitCounters(observation), PROCESSOR_COUNTER]) {
    const counter = new Counter({
      name,
      help,
      registers: [],
      collect() {
        counter.reset();
        counter.inc(now());
      },
    });
    registry.registerMetric(counter);
  }
  const build = new Gauge({
    name: 'mapwright_build_info',
    help: 'Always 1.',
    labelNames: ['version', 'node'],
    registers: [registry],
  });
  build.set({ version, node: process.versions.node }, 1);
  return gaugeEventLoop(registry);
}

function gaugeEventLoop(registry: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const gauge = new Gauge({
    name: 'mapwright_event_loop_delay_seconds',
    help: 'How much later than asked timers fired, since the last time that it was read.',
    labelNames: ['quantile'],
    registers: [],
    collect() {
      for (const percent of QUANTILES) {
        const late = delay.percentile(percent) / NS - RESOLUTION_MS / 1000;
        gauge.set({ quantile: String(percent / 100) }, Number.isFinite(late) ? Math.max(0, late) : 0);
      }
      delay.reset();
    },
  });
  registry.registerMetric(gauge);
  return () => void delay.disable();
}

function workerGauges({ pulse }: Observation): Figure[] {
  return [
    {
      name: 'mapwright_worker_working',
      help: '1 while this process claims runs.',
      now: () => (pulse.startedAt !== undefined && !pulse.isStopping ? 1 : 0),
    },
    {
      name: 'mapwright_worker_answered_timestamp_seconds',
      help: 'When the database last answered what the worker asked.',
      now: () => (pulse.answeredAt ?? 0) / 1000,
    },
  ];
}

function commitCounters({ store }: Observation): Figure[] {
  return [
    {
      name: 'mapwright_commit_transactions_total',
      help: 'Transactions committed by this process.',
      now: () => store.commits().transactions,
    },
    {
      name: 'mapwright_commit_units_total',
      help: 'Changes in them: many in one share one wait for the disk.',
      now: () => store.commits().units,
    },
  ];
}

/** Named as other programs name them, so that boards made for those show them. */
const RESOURCE_GAUGES: readonly Figure[] = [
  { name: 'process_resident_memory_bytes', help: 'Resident memory.', now: () => process.memoryUsage.rss() },
  { name: 'nodejs_heap_size_used_bytes', help: 'Heap in use.', now: () => process.memoryUsage().heapUsed },
  {
    name: 'process_start_time_seconds',
    help: 'Start of the process.',
    now: () => Math.round(performance.timeOrigin / 1000),
  },
];

const PROCESSOR_COUNTER: Figure = {
  name: 'process_cpu_seconds_total',
  help: 'Processor time used.',
  now() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
