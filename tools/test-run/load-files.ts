import { test } from 'node:test';

/** Loads test files into this process. One that cannot be loaded is a test that fails, and the others run. */
export async function loadFiles(urls: readonly string[]): Promise<void> {
  for (const url of urls) {
    try {
      await import(url);
    } catch (thrown) {
      test(url, () => {
        throw thrown;
      });
    }
  }
}
