import { parseArgs } from 'node:util';
import { describeVerdicts, renderVerdicts } from './conformance/report.ts';
import { runVectors } from './conformance/run.ts';
import { AREAS, readVectors, VectorFileError } from './conformance/vector.ts';

// node tools/conformance.ts FOLDER [--area map] [--id map-order-kept] [--json]
// Runs facts about the original product through this one. Exit 1 when one is not kept, 2 when there are none to run.

try {
  process.exitCode = await conformance();
} catch (thrown) {
  if (!(thrown instanceof VectorFileError) && !isUsageError(thrown)) throw thrown;
  console.error(
    `${thrown.message}\nusage: node tools/conformance.ts FOLDER [--area ${AREAS.join('|')}] [--id ID] [--json]`,
  );
  process.exitCode = 2;
}

async function conformance(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { area: { type: 'string' }, id: { type: 'string' }, json: { type: 'boolean', default: false } },
  });
  const [folder = 'test/vectors'] = positionals;
  const verdicts = await runVectors(await readVectors(folder), values);
  if (verdicts.length === 0) throw new VectorFileError(`no vector of ${folder} was chosen`);
  console.log(values.json ? JSON.stringify(describeVerdicts(verdicts), undefined, 2) : renderVerdicts(verdicts));
  return verdicts.some(({ result }) => result === 'failed') ? 1 : 0;
}

function isUsageError(thrown: unknown): thrown is Error {
  return thrown instanceof TypeError && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS');
}
