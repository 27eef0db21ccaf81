const LONGEST = 100;
/** What lies behind it makes no difference to the name. */
const MOST_READ = 1_000;

/**
 * A name for a document, or an id for a task, out of any text: `Send accounts (új)` gives `send-accounts-uj`. Letters with
 * marks lose them, what is neither a letter nor a digit becomes a hyphen. `fallback` where nothing is left to begin with.
 */
export function documentName(text: string, fallback: string): string {
  const plain = text
    .slice(0, MOST_READ)
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replaceAll(/[^a-z0-9._]+/gu, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/gu, '')
    .slice(0, LONGEST)
    .replace(/[^a-z0-9]+$/u, '');
  if (plain === '') return fallback;
  return /^[a-z]/u.test(plain) ? plain : `${fallback}-${plain}`;
}

/** The name, or when it is taken the name with the first free number behind it. The given set remembers what was given. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  taken.add(free);
  return free;
}
