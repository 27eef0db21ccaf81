import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** One document of test/fixtures/<kind>/<valid|invalid|warning>/. */
export interface Fixture {
  /** `map/invalid/no-call.xml` */
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly text: string;
  /** `LINE SEVERITY CODE`, as the comments in it say. */
  readonly expected: readonly string[];
}

/** All fixture documents, in the order of their names. */
export function readFixtures(): Fixture[] {
  return globSync(
    '{module,service,credential,map,map-test,workflow,documents,xml,corebos,rule,native-rule,mapping,native-mapping,record-set,information-map,pack}/{valid,invalid,warning}/*.xml',
    {
      cwd: ROOT,
    },
  )
    .toSorted()
    .map((name) => {
      const text = readFileSync(`${ROOT}${name}`, 'utf8');
      const [kind = '', group = ''] = name.split('/');
      return { name, kind, group, text, expected: expectations(text) };
    });
}

function expectations(text: string): string[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/<!-- (ERROR|WARNING|INFO) ([A-Z_]+) -->/gu)].map(
        (comment) => `${index + 1} ${comment[1]?.toLowerCase()} ${comment[2]}`,
      ),
    );
}
