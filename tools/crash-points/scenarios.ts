import type { CrashScenario } from './scenario.ts';
import { ADMINISTRATION } from './scenarios/administration.ts';
import { CLIENTS } from './scenarios/clients.ts';
import { COREBOS } from './scenarios/corebos.ts';
import { FAILING } from './scenarios/failing.ts';
import { IMPORTS } from './scenarios/imports.ts';
import { INBOX } from './scenarios/inbox.ts';
import { JOBS } from './scenarios/jobs.ts';
import { MAIL } from './scenarios/mail.ts';
import { SCHEDULES } from './scenarios/schedules.ts';
import { TASKS } from './scenarios/tasks.ts';
import { TOGETHER } from './scenarios/together.ts';

/** All that is done with an install while its process dies. */
export const SCENARIOS: readonly CrashScenario[] = [
  TASKS,
  COREBOS,
  FAILING,
  MAIL,
  TOGETHER,
  INBOX,
  JOBS,
  SCHEDULES,
  ADMINISTRATION,
  CLIENTS,
  IMPORTS,
];

/** Throws when there is none of the name. */
export function requireScenario(name: string): CrashScenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined)
    throw new Error(`there is no scenario "${name}"; there are ${SCENARIOS.map((one) => one.name).join(', ')}`);
  return found;
}
