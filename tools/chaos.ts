import { randomInt } from 'node:crypto';
import {
  type ChaosOptions,
  type NodesOptions,
  readCommandLine,
  replayCommand,
  replayNodesCommand,
} from './chaos/command-line.ts';
import { type ChaosProgress, runChaos } from './chaos/experiment.ts';
import { areKept } from './chaos/finding.ts';
import { renderNodesVerdict } from './chaos/nodes/report.ts';
import { renderProgress, renderVerdict } from './chaos/report.ts';

// npm run chaos -- --help

const PROGRESS_EVERY_S = 5;
const NOT_CARRIED_OUT = 2;
const INTERRUPTED = 130;

const commandLine = readCommandLine(process.argv.slice(2));
if (commandLine.kind === 'run') await carryOut(commandLine.options);
else if (commandLine.kind === 'nodes') await carryOutOnNodes(commandLine.options);
else if (commandLine.kind === 'help') console.log(commandLine.text);
else {
  console.error(commandLine.text);
  process.exitCode = NOT_CARRIED_OUT;
}

async function carryOut(options: ChaosOptions): Promise<void> {
  const seed = options.seed ?? randomInt(2 ** 31);
  const replay = replayCommand(options, seed);
  console.error(
    `chaos: ${options.kills} kills, ${options.minutes} minutes, ${options.faults.length} faults, seed ${seed}`,
  );
  try {
    const facts = await runChaos({
      ...options,
      seed,
      signal: untilInterrupted(),
      onAction: (line) => options.verbose && console.error(`  ${line}`),
      onProgress: nowAndThen((progress) => console.error(renderProgress(progress, options.kills))),
    });
    console.log(options.json ? JSON.stringify({ ...facts, replay }, null, 2) : renderVerdict(facts, replay));
    process.exitCode = areKept(facts.findings) ? 0 : 1;
  } catch (thrown) {
    console.error(thrown);
    console.error(`not judged; the same again: ${replay}`);
    process.exitCode = NOT_CARRIED_OUT;
  }
}

async function carryOutOnNodes(options: NodesOptions): Promise<void> {
  const seed = options.seed ?? randomInt(2 ** 31);
  const replay = replayNodesCommand(options, seed);
  console.error(
    `chaos: ${options.nodes} nodes on PostgreSQL, ${options.runs} runs, ${options.minutes} minutes, seed ${seed}`,
  );
  // The package of the embedded PostgreSQL takes over how a process that has loaded it ends, and with which exit code.
  const { runNodesChaos } = await import('./chaos/nodes/experiment.ts');
  try {
    const facts = await runNodesChaos({
      ...options,
      seed,
      signal: untilInterrupted(),
      onAction: (line) => options.verbose && console.error(`  ${line}`),
    });
    console.log(options.json ? JSON.stringify({ ...facts, replay }, null, 2) : renderNodesVerdict(facts, replay));
    process.exit(areKept(facts.findings) ? 0 : 1);
  } catch (thrown) {
    console.error(thrown);
    console.error(`not judged; the same again: ${replay}`);
    process.exit(NOT_CARRIED_OUT);
  }
}

/** The first Ctrl-C ends it with a verdict; whoever asks twice gets none. */
function untilInterrupted(): AbortSignal {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(INTERRUPTED);
    console.error('ending: what has happened so far is judged as soon as its runs have ended; again ends at once');
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

function nowAndThen(tell: (progress: ChaosProgress) => void): (progress: ChaosProgress) => void {
  let next = PROGRESS_EVERY_S;
  return (progress) => {
    if (progress.seconds < next) return;
    next = progress.seconds + PROGRESS_EVERY_S;
    tell(progress);
  };
}
