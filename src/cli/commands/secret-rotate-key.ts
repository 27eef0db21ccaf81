import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { MapwrightError } from '../../core/error.ts';
import type { Administration, KeyRotation } from '../../runtime/administration.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { renderRotation, renderRotationProgress } from '../views/secret.ts';

interface RotateKeyOptions extends GlobalOptions {
  readonly dryRun?: boolean;
  readonly leaveUnknown?: boolean;
}

const LOOK_EVERY_MS = 200;
const TELL_EVERY_MS = 2_000;

/** `mapwright secret rotate-key`: everything that is sealed is sealed anew under another key, while runs go on. */
export function registerRotateKey(secret: Command, runner: CommandRunner): void {
  secret
    .command('rotate-key')
    .description('seal everything anew under a new encryption key, also while it is served; interrupted, give it again')
    .option('--dry-run', 'only count what would be sealed anew')
    .option('--leave-unknown', 'values under keys that are lost stay as they are: nobody can read them')
    .action((_options: unknown, self: Command) => rotateKey(self.optsWithGlobals(), runner));
}

async function rotateKey(options: RotateKeyOptions, runner: CommandRunner): Promise<void> {
  const { dryRun = false, leaveUnknown = false } = options;
  const { shell } = runner;
  const state = await runner.withInstall(options, { create: false }, async (administration) => {
    const begun = await administration.beginKeyRotation({ dryRun, leaveUnknown, by: shell.operator });
    return untilDone(administration, begun, (line) => (shell.logsToPerson ? shell.printError(line) : undefined));
  });
  if (state.failure !== undefined) throw failed(state.failure);
  runner.show(options, state, renderRotation);
}

async function untilDone(
  administration: Administration,
  begun: KeyRotation,
  tell: (line: string) => void,
): Promise<KeyRotation> {
  let told = 0;
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const state = await administration.keyRotation();
    if (state?.id !== begun.id) {
      throw new MapwrightError('KEY_ROTATION_LOST', 'the server was started anew before everything was sealed anew', {
        hint: 'nothing is lost, and both keys are still needed; it goes on with: mapwright secret rotate-key',
        retryable: true,
      });
    }
    if (state.stage === 'done' || state.stage === 'failed') return state;
    if (waited - told >= TELL_EVERY_MS) {
      told = waited;
      tell(renderRotationProgress(state));
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}

function failed({ code, message, hint }: NonNullable<KeyRotation['failure']>): MapwrightError {
  return new MapwrightError(code, message, hint === undefined ? {} : { hint });
}
