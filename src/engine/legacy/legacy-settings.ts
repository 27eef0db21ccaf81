import { MapwrightError } from '../../core/error.ts';
import { LOCAL_SETTINGS } from '../../core/local-setting.ts';
import type { SettingStore } from '../../core/secret-store.ts';
import type { LegacySettings } from '../../expression/legacy/services.ts';

/**
 * Settings that expressions read and change. A change is made at once, before the step is committed: a step that begins
 * anew after a crash makes it again. What keeps the install safe rejects with EXPRESSION_FAILED: a map may come from
 * elsewhere, and its names from data.
 */
export function legacySettings(store: SettingStore): LegacySettings {
  return {
    get: async (name) => own(await store.all(), name),
    set: async (name, value) => store.set(changeable(name), value),
    delete: async (name) => void (await store.remove(changeable(name))),
    change: async (name, decide) => store.change(changeable(name), decide),
  };
}

/** Settings whose changes are seen by this evaluation alone. */
export function triedSettings(store: Pick<SettingStore, 'all'>): LegacySettings {
  const changed = new Map<string, string | undefined>();
  const get = async (name: string): Promise<string | undefined> =>
    changed.has(name) ? changed.get(name) : own(await store.all(), name);
  return {
    get,
    set: async (name, value) => void changed.set(changeable(name), value),
    delete: async (name) => void changed.set(changeable(name), undefined),
    async change(name, decide) {
      const decided = decide(await get(name));
      if (decided !== undefined) changed.set(changeable(name), decided);
      return decided;
    },
  };
}

function changeable(name: string): string {
  if (!LOCAL_SETTINGS.has(name)) return name;
  throw new MapwrightError('EXPRESSION_FAILED', `no expression changes the setting ${name}`, {
    hint: `it keeps the install safe: mapwright setting set ${name}, where the install runs`,
  });
}

function own(settings: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}
