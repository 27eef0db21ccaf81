import { MapwrightError } from '../core/error.ts';
import { EGRESS_SETTING } from '../core/local-setting.ts';
import type { SettingStore } from '../core/secret-store.ts';
import { type EgressPolicy, parseEgressAllow } from '../connector/egress-guard.ts';

/** The egress policy as it is set now. */
export interface EgressSetting {
  policy(): EgressPolicy;
  /** To be called after the setting changed. */
  refresh(): Promise<void>;
}

/** Reads the policy; entries that say nothing allow nothing. */
export async function openEgressSetting(settings: SettingStore): Promise<EgressSetting> {
  let policy: EgressPolicy = { allow: [] };
  const refresh = async (): Promise<void> => {
    policy = parseEgressAllow((await settings.all())[EGRESS_SETTING] ?? '').policy;
  };
  await refresh();
  return { policy: () => policy, refresh };
}

/** Throws SETTING_INVALID for a text that the egress guard could not read. */
export function checkEgressText(text: string): void {
  const { problems } = parseEgressAllow(text);
  if (problems.length === 0) return;
  throw new MapwrightError('SETTING_INVALID', `${EGRESS_SETTING}: cannot read ${problems.join(', ')}`, {
    hint: 'entries are host:port, host:*, 10.0.0.0/8:* or [::1]:8080, separated by blanks',
  });
}
