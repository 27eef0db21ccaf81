import { hasErrors } from '../core/diagnostic.ts';
import type { CommandRunner, GlobalOptions } from './command-runner.ts';
import { gatherSources } from './source-files.ts';
import { UsageError } from './usage-error.ts';
import { renderCredentialTrial } from './views/credential-list.ts';
import { renderDiagnostics } from './views/documents-report.ts';

export interface TestOptions extends GlobalOptions {
  readonly service?: string;
  readonly address?: string;
  readonly user?: string;
  readonly file?: readonly string[];
}

/** Sees whether a credential works: exit code 1 for any answer but yes. */
export async function testCredential(
  name: string | undefined,
  options: TestOptions,
  runner: CommandRunner,
): Promise<void> {
  const { service, address, user, file = [] } = options;
  if (service !== undefined && address !== undefined) {
    throw new UsageError('--service and --address both say what is called', 'give one of them');
  }
  if (name === undefined && file.length === 0) {
    throw new UsageError(
      'which credential?',
      'name it, or give its file: mapwright credential test --file warehouse.xml',
    );
  }
  if (address !== undefined && !/^https?:\/\//iu.test(address)) {
    throw new UsageError(`"${address}" is no address`, 'such as https://api.example.com/me');
  }
  const { sources, diagnostics } = await gatherSources(file, runner.shell);
  const trial = await runner.withInstall(options, { create: false }, (install) =>
    install.testCredential({
      documents: sources,
      ...(name === undefined ? {} : { name }),
      ...(service === undefined ? {} : { service }),
      ...(address === undefined ? {} : { url: address }),
      ...(user === undefined ? {} : { user }),
    }),
  );
  const report = { ...trial, diagnostics: [...diagnostics, ...trial.diagnostics] };
  runner.show(options, report, () => [
    ...renderDiagnostics(report.diagnostics, sources),
    ...renderCredentialTrial(report),
  ]);
  if (trial.verdict !== 'works' || hasErrors(report.diagnostics)) runner.fail();
}
