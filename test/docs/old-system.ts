import type { TestContext } from 'node:test';
import { publishedSync } from '../whole/documents.ts';
import { PeerInstall } from '../whole/peer-install.ts';

/** A system that somebody moves away from, and the one that its maps call. */
export interface OldSystem {
  readonly crm: PeerInstall;
  readonly headOffice: PeerInstall;
}

/**
 * An install in the place of coreBOS: a module with records, a second user with a group, and five maps of coreBOS that keep
 * products of a head office in step. Its own workflows do not run: nothing is sent twice.
 */
export async function openOldSystem(t: TestContext): Promise<OldSystem> {
  const crm = await PeerInstall.open(t);
  // The page shows the warning of a key in plain text. One key among many does not look like a key, as it has no digit.
  let headOffice = await PeerInstall.open(t);
  while (!hasManyKinds(headOffice.key)) headOffice = await PeerInstall.open(t);
  const { administration, crm: records } = crm.install;
  const documents = (await publishedSync(headOffice)).filter(({ text }) => !text.includes('<workflow'));
  await administration.apply({ documents, prune: true, dryRun: false, by: 'test' });
  await administration.addUser({
    name: 'anna',
    admin: false,
    firstName: 'Anna',
    lastName: 'Berg',
    email: 'anna@example.com',
  });
  await administration.addGroup({ name: 'sales', description: 'sells' });
  await administration.addGroupMember({ group: 'sales', user: 'anna' });
  const actor = { user: '19x1' };
  for (const [index, productname] of ['Bolt M8', 'Nut M8', 'Washer'].entries()) {
    const element = { productname, serial_no: `SN-${index + 1}` };
    // As the maps leave it: the description holds the id there.
    const { id: description } = await headOffice.install.crm.create({ actor, module: 'Products', element });
    await records.create({ actor, module: 'Products', element: { ...element, description } });
  }
  return { crm, headOffice };
}

/** Digits, small letters and capitals, changing often. */
function hasManyKinds(key: string): boolean {
  const changes = [...key.matchAll(/[0-9](?![0-9])|[a-z](?![a-z])|[A-Z](?![A-Z])/gu)].length;
  return /[0-9]/u.test(key) && /[a-z]/u.test(key) && /[A-Z]/u.test(key) && changes > key.length / 2;
}
