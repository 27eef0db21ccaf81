import { type Command, Option } from 'commander';
import { ALL_SCOPES, ROLES, type Role, type Scope } from '../../core/access.ts';
import type { TokenEntry } from '../../runtime/access/access.ts';
import { durationMs } from '../argument-value.ts';
import type { CommandRunner, GlobalOptions } from '../command-runner.ts';
import { addExamples } from '../command-runner.ts';
import { renderMoment } from '../duration.ts';
import { renderTable } from '../table.ts';
import { UsageError } from '../usage-error.ts';

interface CreateOptions extends GlobalOptions {
  readonly role?: Role;
  readonly scope?: readonly Scope[];
  /** Milliseconds. */
  readonly expires?: number;
}

/** `mapwright token`: what lets programs use the REST API. */
export function registerToken(program: Command, runner: CommandRunner): void {
  const token = program.command('token').description('what lets programs use the REST API');
  token
    .command('create')
    .description('make a token; it is shown once')
    .argument('<name>')
    .addOption(new Option('--role <role>', 'it may do what this role may').choices(ROLES))
    .addOption(new Option('--scope <scope...>', 'it may do this; several may be given').choices(ALL_SCOPES))
    .option('--expires <duration>', 'it holds so long: 12h, 90d; left out: until it is revoked', durationMs)
    .action((name: string, _options: unknown, self: Command) => createToken(name, self.optsWithGlobals(), runner));
  token
    .command('list')
    .description('all tokens and when they were used; never the tokens themselves')
    .action((_options: unknown, self: Command) => listTokens(self.optsWithGlobals(), runner));
  token
    .command('revoke')
    .description('revoke a token: it lets nobody in any more')
    .argument('<name>')
    .action((name: string, _options: unknown, self: Command) => revokeToken(name, self.optsWithGlobals(), runner));
  addExamples(
    token,
    [
      'mapwright token create dashboard --role viewer',
      'mapwright token create deploy --scope documents:read documents:write --expires 90d',
      'mapwright token revoke deploy             when it was lost or seen',
    ],
    'group',
  );
}

async function createToken(name: string, options: CreateOptions, runner: CommandRunner): Promise<void> {
  const { role, scope = [], expires } = options;
  const grants = [...(role === undefined ? [] : [role]), ...scope];
  if (grants.length === 0) {
    throw new UsageError(
      'nothing was said about what the token may do',
      `mapwright token create ${name} --role viewer`,
    );
  }
  const expiresAt = expires === undefined ? undefined : runner.shell.clock.now() + expires;
  const by = runner.shell.operator;
  const made = await runner.withInstall(options, { create: true }, (administration) =>
    administration.createToken({ name, grants, expiresAt, by }),
  );
  runner.show(options, made, ({ token, secret }) => [
    `token ${token.name} is made${token.expiresAt === undefined ? '' : `, and holds until ${renderMoment(token.expiresAt)}`}`,
    `  token  ${secret}`,
    '  It is shown only now: put it where the program keeps its secrets.',
  ]);
}

async function listTokens(options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const tokens = await runner.withInstall(options, { create: false }, (administration) => administration.tokens());
  runner.show(options, { tokens }, () => {
    if (tokens.length === 0) return ['no tokens'];
    const now = runner.shell.clock.now();
    const columns = [
      { title: 'name' },
      { title: 'may', gives: true },
      { title: 'holds' },
      { title: 'last used' },
      { title: 'from' },
    ];
    return renderTable(
      columns,
      tokens.map((token) => rowOf(token, now)),
    );
  });
}

function rowOf(token: TokenEntry, now: number): string[] {
  const used = token.usedAt === undefined ? 'never' : renderMoment(token.usedAt);
  return [token.name, token.grants.join(' '), stateOf(token, now), used, token.usedFrom ?? ''];
}

function stateOf({ revokedAt, expiresAt }: TokenEntry, now: number): string {
  if (revokedAt !== undefined) return 'revoked';
  if (expiresAt === undefined) return 'until revoked';
  return expiresAt <= now ? 'expired' : `until ${renderMoment(expiresAt)}`;
}

async function revokeToken(name: string, options: GlobalOptions, runner: CommandRunner): Promise<void> {
  const by = runner.shell.operator;
  const token = await runner.withInstall(options, { create: false }, (administration) =>
    administration.revokeToken({ name, by }),
  );
  runner.show(options, { token }, () => [`token ${name} is revoked: it lets nobody in any more`]);
}
