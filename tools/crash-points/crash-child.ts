import { writeSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { openInstall } from '../../src/runtime/install.ts';
import { crashingStore } from './crashing-store.ts';

// One life of an install: `FOLDER PLACE [SAVE...]`. Makes the saves one after another, works until nothing is left to do,
// and dies on the way at the place. `saved 60x1` is written once a save has been answered.

const [folder = '', place = '', ...saves] = process.argv.slice(2);
const crashAt = place === 'never' ? undefined : Number(place);
const install = await openInstall({
  folder,
  env: {},
  capacity: 1,
  withStore: (store) => crashingStore(store, crashAt),
  onEvent: (event) => {
    if (event.kind === 'fault') writeSync(2, `${String(event.error)}\n`);
  },
});
await install.startWorker();
const actor = { user: '19x1' };
for (const save of saves) {
  const element = JSON.parse(save);
  const image =
    element.id === undefined
      ? await install.crm.create({ actor, module: 'Orders', element })
      : await install.crm.revise({ actor, element });
  writeSync(1, `saved ${image.id}\n`);
}
const isBusy = async (): Promise<boolean> => Object.keys(await install.engine.journal.unfinished()).length > 0;
while (await isBusy()) await setTimeout(5);
await install.close();
