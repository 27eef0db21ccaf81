// A node of an install on PostgreSQL, with short leases: FOLDER DATABASE LEASE_MS. Tells its events as lines of JSON.
import { openInstall } from '../../src/runtime/install.ts';

const [folder = '', database = '', leaseMs = '1500'] = process.argv.slice(2);
const install = await openInstall({
  folder,
  database,
  leaseMs: Number(leaseMs),
  onEvent: (event) => process.stdout.write(`${JSON.stringify(event)}\n`),
});
await install.startWorker();
process.stdout.write('ready\n');
