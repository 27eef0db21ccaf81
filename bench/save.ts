import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure } from './save/measure.ts';
import { renderReport, reportOf } from './save/report.ts';
import { setStage } from './save/stage.ts';

// node bench/save.ts [--saves 500] [--gap 15] [--json] [--profile up|down|hanging|none]
// How long a save takes with no workflow, and with one whose destination is up, down or hanging.

const { values: options } = parseArgs({
  options: {
    saves: { type: 'string', default: '500' },
    gap: { type: 'string', default: '15' },
    json: { type: 'boolean' },
    profile: { type: 'string' },
  },
});

const folder = await mkdtemp(join(tmpdir(), 'mapwright-bench-'));
try {
  const stage = await setStage(folder, options.profile);
  const samples = await measure(stage, { saves: Number(options.saves), gapMs: Number(options.gap) }).finally(
    stage.close,
  );
  const report = reportOf(samples);
  process.stdout.write(`${options.json === true ? JSON.stringify(report, null, 2) : renderReport(report)}\n`);
  if (options.profile !== undefined) process.stderr.write(`the profile is in ${folder}\n`);
} finally {
  if (options.profile === undefined) await rm(folder, { recursive: true, force: true });
}
