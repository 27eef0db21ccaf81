/** Imports the pack in the archive and is killed right before, or right after, the documents are stored. */
import { openInstall } from '../../src/runtime/install.ts';

const [folder = '', archive = '', moment = ''] = process.argv.slice(2);

const install = await openInstall({
  folder,
  env: {},
  withStore: (store) => ({
    ...store,
    documents: {
      ...store.documents,
      async save(params) {
        if (moment === 'before') process.kill(process.pid, 'SIGKILL');
        const saved = await store.documents.save(params);
        process.kill(process.pid, 'SIGKILL');
        return saved;
      },
    },
  }),
});
await install.administration.importPack({ archive, overwrite: false, withValues: true, dryRun: false, by: 'test' });
