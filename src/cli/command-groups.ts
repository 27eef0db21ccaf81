import type { Command } from 'commander';
import { registerApply } from './commands/apply.ts';
import { registerCheck } from './commands/check.ts';
import { registerCompletion } from './commands/completion.ts';
import { registerConvert } from './commands/convert.ts';
import { registerDemo } from './commands/demo.ts';
import { registerExport } from './commands/export.ts';
import { registerGroup } from './commands/group.ts';
import { registerImportMaps } from './commands/import-maps.ts';
import { registerImportModule } from './commands/import-module.ts';
import { registerImportRecords } from './commands/import-records.ts';
import { registerImportUsers } from './commands/import-users.ts';
import { registerImportWorkflows } from './commands/import-workflows.ts';
import { registerInit } from './commands/init.ts';
import { registerNotifications } from './commands/notifications.ts';
import { registerPlan } from './commands/plan.ts';
import { registerPractice } from './commands/practice.ts';
import { registerRecord } from './commands/record.ts';
import { registerRun } from './commands/run.ts';
import { registerRuns } from './commands/runs.ts';
import { registerSecret } from './commands/secret.ts';
import { registerServe } from './commands/serve.ts';
import { registerSetting } from './commands/setting.ts';
import { registerStart } from './commands/start.ts';
import { registerTest } from './commands/test.ts';
import { registerUser } from './commands/user.ts';
import type { CommandRunner } from './command-runner.ts';

/** Adds one command, or one group of subcommands, to the program. */
type Registration = (program: Command, runner: CommandRunner) => void;

/** All commands under the titles that `mapwright --help` shows them by, in the order in which people come to need them. */
export const COMMAND_GROUPS: readonly (readonly [title: string, registrations: readonly Registration[]])[] = [
  ['Trying it out:', [registerDemo, registerInit, registerPractice]],
  ['Authoring documents:', [registerCheck, registerTest, registerRun, registerPlan, registerApply, registerExport]],
  [
    'Coming from coreBOS, or another Mapwright:',
    [
      registerImportModule,
      registerImportUsers,
      registerImportMaps,
      registerImportWorkflows,
      registerConvert,
      registerImportRecords,
    ],
  ],
  ['Running:', [registerServe, registerStart, registerRuns, registerNotifications, registerRecord]],
  ['Operating an install:', [registerSetting, registerSecret, registerUser, registerGroup, registerCompletion]],
];
