/** What one room (a folder of src/) may import. */
export interface RoomRule {
  /** Rooms, or single files of rooms (`runtime/administration.ts`). */
  readonly rooms: readonly string[];
  /** npm packages that this room alone imports. */
  readonly packages: readonly string[];
  /** True when the room must not reach files, network, processes or other threads by itself. */
  readonly pure: boolean;
}

const BELOW_RUNTIME = [
  'core',
  'xml',
  'document',
  'expression',
  'catalog',
  'convert',
  'engine',
  'import',
  'connector',
  'store',
  'dispatch',
  'crm',
];

/** The rooms of src/. Imports go one way: a room names only rooms that stand above it here. */
export const ROOMS: Readonly<Record<string, RoomRule>> = {
  core: { rooms: [], packages: [], pure: true },
  xml: { rooms: ['core'], packages: [], pure: true },
  document: { rooms: ['core', 'xml'], packages: [], pure: true },
  expression: { rooms: ['core'], packages: ['jsonata', 're2js', 'spark-md5'], pure: true },
  catalog: { rooms: ['core', 'document', 'expression'], packages: [], pure: true },
  convert: { rooms: ['core', 'xml', 'document', 'expression', 'catalog'], packages: [], pure: true },
  engine: { rooms: ['core', 'catalog', 'expression'], packages: ['croner'], pure: true },
  import: { rooms: ['core', 'xml', 'document', 'expression'], packages: ['yaml'], pure: true },
  connector: {
    rooms: ['core', 'xml'],
    packages: ['undici', 'oauth4webapi', 'jose', 'nodemailer'],
    pure: false,
  },
  store: { rooms: ['core'], packages: ['better-sqlite3', 'pg', 'drizzle-orm'], pure: false },
  dispatch: { rooms: ['core'], packages: ['bullmq'], pure: false },
  crm: { rooms: ['core', 'catalog'], packages: [], pure: false },
  runtime: { rooms: BELOW_RUNTIME, packages: ['@node-rs/argon2', '@opentelemetry/api', 'fflate'], pure: false },
  server: {
    // The interfaces that the server offers and the runtime implements.
    rooms: ['core', 'catalog', 'expression', 'engine', 'crm', 'runtime/administration.ts', 'runtime/access/access.ts'],
    packages: ['hono', '@hono/node-server', '@hono/zod-openapi', 'zod', 'pino', 'prom-client'],
    pure: false,
  },
  cli: { rooms: [...BELOW_RUNTIME, 'runtime', 'server'], packages: ['commander'], pure: false },
};

/** Builtins that reach outside of the process or start something beside it. */
export const IMPURE_BUILTINS: ReadonlySet<string> = new Set([
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'fs',
  'http',
  'http2',
  'https',
  'inspector',
  'net',
  'os',
  'process',
  'readline',
  'repl',
  'sqlite',
  'tls',
  'worker_threads',
]);

/** What `src/index.ts` may import: the surface of the library is the runtime's. */
export const INDEX_ROOMS: readonly string[] = ['core', 'runtime'];

/** Names that say nothing about what is in a file. */
export const GRAB_BAG_NAMES: ReadonlySet<string> = new Set([
  'common-utils',
  'helper',
  'helpers',
  'lib',
  'misc',
  'shared',
  'tools',
  'type',
  'types',
  'util',
  'utilities',
  'utils',
]);

export const MAX_FILE_LINES = 500;
export const MAX_INDEX_LINES = 40;
