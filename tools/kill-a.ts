import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runExperiment } from './kill/experiment.ts';
import { isKept, renderProgress, renderVerdict } from './kill/report.ts';

// node tools/kill-a.ts [--kills 200] [--seed N] [--json]
// Kills install A with SIGKILL again and again while clients save, and judges whether anything was lost or doubled.

const PROGRESS_EVERY_KILLS = 10;

const { values: options } = parseArgs({
  options: { kills: { type: 'string', default: '200' }, seed: { type: 'string' }, json: { type: 'boolean' } },
});
const kills = Number(options.kills);
const seed = options.seed === undefined ? randomInt(2 ** 31) : Number(options.seed);
if (!Number.isSafeInteger(kills) || kills < 1 || !Number.isSafeInteger(seed)) {
  console.error('--kills and --seed are whole numbers; --kills is at least 1');
  process.exit(2);
}

console.error(`kill -9: ${kills} kills, seed ${seed}`);
try {
  const facts = await runExperiment({
    kills,
    seed,
    onProgress: (done, load) => {
      if (done.kills % PROGRESS_EVERY_KILLS === 0) console.error(renderProgress(done, load, kills));
    },
  });
  console.log(options.json === true ? JSON.stringify(facts, null, 2) : renderVerdict(facts));
  process.exitCode = isKept(facts) ? 0 : 1;
} catch (thrown) {
  console.error(thrown);
  console.error(`not judged; the same again: node tools/kill-a.ts --kills ${kills} --seed ${seed}`);
  process.exitCode = 1;
}
