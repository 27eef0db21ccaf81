import { serveMethods } from './process/method-server.ts';
import { ROLES, isRole } from './process/roles.ts';

// The one program of every process that the benchmarks start: node bench/child.ts ROLE, with a channel to its parent.
const role = process.argv[2] ?? '';
if (!isRole(role)) throw new Error(`there is no role "${role}"; this program is started by bench/bench.ts`);
serveMethods(await ROLES[role]());
