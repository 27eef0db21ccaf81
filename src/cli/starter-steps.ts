/** What a new folder can begin with. */
export const STARTER_EXAMPLES = ['hello', 'product-sync'] as const;

export type StarterExample = (typeof STARTER_EXAMPLES)[number];

/** One command of the first minutes. */
export interface StarterStep {
  readonly command: string;
  readonly says: string;
  /** True for a command that goes on until Ctrl+C, and so wants a terminal of its own. */
  readonly stays?: boolean;
}

/** The commands by which a new folder comes to life, in order, to be given inside of it. */
export function starterSteps(example: StarterExample, command: string): readonly StarterStep[] {
  if (example === 'product-sync') {
    return [
      { command: `${command} setting set head_office_url https://crm.example.com`, says: 'where the other side is' },
      { command: `${command} setting set head_office_user admin`, says: 'the user there' },
      { command: `${command} secret set head_office_key`, says: 'its access key: asked for' },
      { command: `${command} serve --watch documents`, says: 'applies every save', stays: true },
    ];
  }
  return [
    { command: `${command} practice`, says: 'a service to call', stays: true },
    { command: `${command} setting set egress.allow 127.0.0.1:8090`, says: 'maps may call it' },
    { command: `${command} run hello-create --record customer.json --documents documents`, says: 'try the map' },
    { command: `${command} serve --watch documents`, says: 'applies every save', stays: true },
    { command: `${command} record create Customers name="Anna Berg"`, says: 'save one: the workflow starts' },
    { command: `${command} runs show 1`, says: 'what it sent and got' },
  ];
}

/** How the command is called here: through npx when this process was. */
export function commandName(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['npm_command'] === 'exec' ? 'npx mapwright' : 'mapwright';
}
