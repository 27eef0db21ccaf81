import type { SettingStore } from '../../core/secret-store.ts';
import type { LegacySettings } from '../../expression/legacy/services.ts';

/**
 * Settings that expressions read and change. A change is made at once, before the step is committed: a step that begins
 * anew after a crash makes it again.
 */
export function legacySettings(store: SettingStore): LegacySettings {
  return {
    get: async (name) => own(await store.all(), name),
    set: (name, value) => store.set(name, value),
    delete: async (name) => void (await store.remove(name)),
  };
}

/** Settings whose changes are seen by this evaluation alone. */
export function triedSettings(store: Pick<SettingStore, 'all'>): LegacySettings {
  const changed = new Map<string, string | undefined>();
  return {
    get: async (name) => (changed.has(name) ? changed.get(name) : own(await store.all(), name)),
    set: async (name, value) => void changed.set(name, value),
    delete: async (name) => void changed.set(name, undefined),
  };
}

function own(settings: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(settings, name) ? settings[name] : undefined;
}
