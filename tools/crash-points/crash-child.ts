import { writeSync } from 'node:fs';
import { tellCommits } from './commit-places.ts';
import { live } from './crash-life.ts';
import { requireScenario } from './scenarios.ts';

// The first life of an install: `SCENARIO FOLDER DATABASE PEER LEVEL PLACE`. LEVEL is `store` or `commit`, PLACE the number
// of the place at which the process kills itself, or `never`. Tells `at 7 after journal.settle` and `answered NAME`.

const STANDARD_OUTPUT = 1;
const STANDARD_ERROR = 2;
const [name = '', folder = '', database = '', peer = '', level = '', place = ''] = process.argv.slice(2);
const crashAt = place === 'never' ? undefined : Number(place);
let places = 0;
const pass = (what: string): void => {
  const number = places++;
  writeSync(STANDARD_OUTPUT, `at ${number} ${what}\n`);
  if (number === crashAt) process.kill(process.pid, 'SIGKILL');
};

let asked = 'the start';
if (level === 'commit') tellCommits((what) => pass(`${what} (${asked})`));
await live({
  scenario: requireScenario(name),
  folder,
  database: database === '' ? undefined : database,
  life: 0,
  answered: [],
  peer,
  onPlace(what) {
    if (level === 'store') pass(what);
    else asked = what.replace(/^\w+ /u, '');
  },
  onAnswer: (act) => void writeSync(STANDARD_OUTPUT, `answered ${act}\n`),
  onFault: (fault) => void writeSync(STANDARD_ERROR, `${fault}\n`),
});
