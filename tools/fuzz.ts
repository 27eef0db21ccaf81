import { loadArea } from './fuzz/areas.ts';
import { runFuzz } from './fuzz/fuzz-run.ts';
import { type FuzzOptions, readOptions, UsageError } from './fuzz/options.ts';
import { renderFailure, renderProgress, renderVerdicts } from './fuzz/report.ts';
import { inputOf } from './fuzz/supervisor.ts';

// npm run fuzz -- --rounds 10000 [--seed S] [--only documents,queries] [--save FOLDER] [--at ROUND | --replay FILE]
// Gives the product generated inputs and judges whether it keeps its promises. Exit 1 when it broke one.

const PROGRESS_EVERY_MS = 3000;

try {
  process.exitCode = (await fuzz(await readOptions(process.argv.slice(2)))) ? 0 : 1;
} catch (thrown) {
  if (!(thrown instanceof UsageError)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 2;
}

/** True when every round was done and every promise kept. */
async function fuzz({ areas, seed, from, to, save, single, input }: FuzzOptions): Promise<boolean> {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  console.log(`fuzz: rounds ${from} to ${to - 1}, seed ${seed}, ${areas.join(' ')}`);
  const sources = await Promise.all(areas.map(loadArea));
  if (single) for (const { area } of sources) console.log(JSON.stringify(input ?? inputOf(area, seed, from)));
  let toldAt = performance.now();
  const verdicts = await runFuzz({
    sources,
    seed,
    from,
    to,
    ...(input === undefined ? {} : { input }),
    save,
    signal: stop.signal,
    onFailure: (failure, savedAs) => console.log(renderFailure(failure, savedAs)),
    onProgress: (verdict, elapsedMs) => {
      if (performance.now() - toldAt < PROGRESS_EVERY_MS) return;
      toldAt = performance.now();
      console.log(renderProgress(verdict, to - from, elapsedMs));
    },
  });
  console.log(renderVerdicts(verdicts));
  return !stop.signal.aborted && verdicts.every(({ failures, complete }) => failures === 0 && complete);
}
