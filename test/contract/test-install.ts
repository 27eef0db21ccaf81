import type { TestContext } from 'node:test';
import type { Store } from '../../src/store/store.ts';

/** An install of its own for one test, that can be opened, closed and opened again. */
export interface TestInstall {
  open(): Promise<Store>;
  /** Deletes everything. The store is closed by then. */
  remove(): Promise<void>;
}

/** Makes an empty install on the database under test. */
export type InstallFactory = () => Promise<TestInstall>;

/** Opens a fresh install that is closed and removed after the test. */
export async function freshStore(context: TestContext, factory: InstallFactory): Promise<Store> {
  const install = await factory();
  const store = await install.open();
  context.after(async () => {
    await store.close();
    await install.remove();
  });
  return store;
}
