import { type Command, Option } from 'commander';
import type { CommandRunner } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { makeTrial } from '../made-trial.ts';
import { addTrialOptions, type TrialOptions } from '../trial-options.ts';
import { UsageError } from '../usage-error.ts';

interface TryOptions extends TrialOptions {
  readonly documents?: readonly string[];
  readonly send: boolean;
  readonly write?: boolean;
  readonly yes?: boolean;
  readonly as?: 'curl';
  readonly withSecrets?: boolean;
  readonly full?: boolean;
}

const SHOWN_BODY_LINES = 40;

/** `mapwright try`: one call by hand, with anything in it overridden; nothing is kept of it. */
export function registerTry(program: Command, runner: CommandRunner): void {
  const command = program
    .command('try')
    .description('call a map once, by hand, with values of your own: what it sends, gets and would write')
    .argument(
      '[map]',
      "a map's name, an .xml file that holds one, or - for standard input; may be left out with --step",
    );
  addTrialOptions(command)
    .option(
      '--documents <path...>',
      'documents that stand before those in force, or in their place where there is no install',
    )
    .option('--no-send', 'build and show the request, send nothing')
    .option('--write', 'write what the outputs say to the stored record; no workflow is started')
    .option('--yes', 'do not ask before a call that may change something at the other side')
    .addOption(new Option('--as <form>', 'print the request as a command instead of sending it').choices(['curl']))
    .option('--with-secrets', 'with --as curl: secrets in it, not variables; on the machine of the install alone')
    .option('--full', 'whole bodies')
    .action((map: string | undefined, _options: unknown, self: Command) => tryOne(map, self.optsWithGlobals(), runner));
  addExamples(command, [
    'mapwright try peer-challenge                                    a map in force',
    'mapwright try contract-upload --record 34x5 --path folderId=77 --file file=./a.pdf --header X-Debug=1',
    'mapwright try draft.xml --no-send --context folder=77           a file that is not applied yet',
    'cat draft.xml | mapwright try - --yes --documents documents     the same from standard input',
    'mapwright try order-create --body @order.json --set timeout.total=5s --set url=https://test.example.com',
    'mapwright try order-create --setting shop_url=https://test.example.com --credential test-shop',
    'mapwright try --run 17 --step create                            again what a step of a run did',
    'mapwright try order-create --record 30x1 --write                and write what comes to the record',
    'mapwright try order-create --record 30x1 --as curl              the request as a command of curl',
  ]);
}

async function tryOne(map: string | undefined, options: TryOptions, runner: CommandRunner): Promise<void> {
  checkTogether(map, options);
  const isCurl = options.as === 'curl';
  await makeTrial(
    map,
    {
      ...options,
      send: options.send && !isCurl,
      yes: options.yes === true,
      ...(isCurl ? { curl: options.withSecrets === true ? 'secrets' : 'placeholders' } : {}),
      view: {
        maxBodyLines: options.full === true ? Number.POSITIVE_INFINITY : SHOWN_BODY_LINES,
        tellsOutputs: true,
        mayWrite: options.write !== true,
      },
    },
    runner,
  );
}

/** Throws a usage error for options that say nothing without each other. */
function checkTogether(map: string | undefined, { run, step, as, withSecrets, write, send }: TryOptions): void {
  if ((run === undefined) !== (step === undefined)) {
    throw new UsageError('--run and --step go together', 'such as --run 17 --step create; see mapwright runs show 17');
  }
  if (map === undefined && step === undefined) {
    throw new UsageError('no map is named', 'mapwright try MAP, or mapwright try --run ID --step TASK');
  }
  if (withSecrets === true && as !== 'curl') {
    throw new UsageError('--with-secrets goes with --as curl', 'mapwright try MAP --as curl --with-secrets');
  }
  if (write === true && (as !== undefined || !send)) {
    throw new UsageError('nothing is written of a call that is not made', 'leave --write out, or send it');
  }
}
