import type { Command } from 'commander';
import type { CommandRunner } from './command-runner.ts';

/** Adds one command, or one group of subcommands, to the program. */
type Registration = (program: Command, runner: CommandRunner) => void;

/** Registrations by the command's name: a command line loads only what it calls, which halves the time of a short one. */
type Commands = Readonly<Record<string, () => Promise<Registration>>>;

/** All commands under the titles that `mapwright --help` shows them by, in the order in which people come to need them. */
export const COMMAND_GROUPS: readonly (readonly [title: string, commands: Commands])[] = [
  [
    'Trying it out:',
    {
      demo: async () => (await import('./commands/demo.ts')).registerDemo,
      init: async () => (await import('./commands/init.ts')).registerInit,
      practice: async () => (await import('./commands/practice.ts')).registerPractice,
    },
  ],
  [
    'Authoring documents:',
    {
      check: async () => (await import('./commands/check.ts')).registerCheck,
      test: async () => (await import('./commands/test.ts')).registerTest,
      try: async () => (await import('./commands/try.ts')).registerTry,
      run: async () => (await import('./commands/run.ts')).registerRun,
      plan: async () => (await import('./commands/plan.ts')).registerPlan,
      apply: async () => (await import('./commands/apply.ts')).registerApply,
      export: async () => (await import('./commands/export.ts')).registerExport,
      service: async () => (await import('./commands/service.ts')).registerService,
      map: async () => (await import('./commands/map.ts')).registerMap,
      document: async () => (await import('./commands/document.ts')).registerDocument,
      pack: async () => (await import('./commands/pack.ts')).registerPack,
    },
  ],
  [
    'Coming from coreBOS, or another Mapwright:',
    {
      'import-module': async () => (await import('./commands/import-module.ts')).registerImportModule,
      'import-users': async () => (await import('./commands/import-users.ts')).registerImportUsers,
      'import-maps': async () => (await import('./commands/import-maps.ts')).registerImportMaps,
      'import-workflows': async () => (await import('./commands/import-workflows.ts')).registerImportWorkflows,
      convert: async () => (await import('./commands/convert.ts')).registerConvert,
      'import-records': async () => (await import('./commands/import-records.ts')).registerImportRecords,
    },
  ],
  [
    'Beginning from a description of the other side:',
    {
      'import-openapi': async () => (await import('./commands/import-openapi.ts')).registerImportOpenApi,
      'import-curl': async () => (await import('./commands/import-curl.ts')).registerImportCurl,
      'import-postman': async () => (await import('./commands/import-postman.ts')).registerImportPostman,
      'import-wsdl': async () => (await import('./commands/import-wsdl.ts')).registerImportWsdl,
    },
  ],
  [
    'Running:',
    {
      serve: async () => (await import('./commands/serve.ts')).registerServe,
      worker: async () => (await import('./commands/worker.ts')).registerWorker,
      start: async () => (await import('./commands/start.ts')).registerStart,
      runs: async () => (await import('./commands/runs.ts')).registerRuns,
      inbox: async () => (await import('./commands/inbox.ts')).registerInbox,
      destinations: async () => (await import('./commands/destinations.ts')).registerDestinations,
      schedules: async () => (await import('./commands/schedules.ts')).registerSchedules,
      notifications: async () => (await import('./commands/notifications.ts')).registerNotifications,
      record: async () => (await import('./commands/record.ts')).registerRecord,
    },
  ],
  [
    'Operating an install:',
    {
      setting: async () => (await import('./commands/setting.ts')).registerSetting,
      secret: async () => (await import('./commands/secret.ts')).registerSecret,
      credential: async () => (await import('./commands/credential.ts')).registerCredential,
      user: async () => (await import('./commands/user.ts')).registerUser,
      token: async () => (await import('./commands/token.ts')).registerToken,
      audit: async () => (await import('./commands/audit.ts')).registerAudit,
      group: async () => (await import('./commands/group.ts')).registerGroup,
      unit: async () => (await import('./commands/unit.ts')).registerUnit,
      retention: async () => (await import('./commands/retention.ts')).registerRetention,
      backup: async () => (await import('./commands/backup.ts')).registerBackup,
      restore: async () => (await import('./commands/restore.ts')).registerRestore,
      'after-restore': async () => (await import('./commands/after-restore.ts')).registerAfterRestore,
      nodes: async () => (await import('./commands/nodes.ts')).registerNodes,
      migrate: async () => (await import('./commands/migrate.ts')).registerMigrate,
      'move-to-postgres': async () => (await import('./commands/move-to-postgres.ts')).registerMoveToPostgres,
      completion: async () => (await import('./commands/completion.ts')).registerCompletion,
    },
  ],
];
