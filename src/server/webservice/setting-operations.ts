import { MapwrightError } from '../../core/error.ts';
import { LOCAL_SETTINGS } from '../../core/local-setting.ts';
import { accessDenied } from '../../crm/record-error.ts';
import type { OperationParts, SessionCall } from './operation.ts';
import { invalidParameter, requireText } from './parameter-reading.ts';
import type { OperationAnswer } from './protocol-answer.ts';

/** `getSetting(key, default)`: the setting's value, or the default; empty without one. */
export async function getSetting(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const settings = await parts.settings.settings();
  const key = requireText(call, 'key');
  const value = Object.hasOwn(settings, key) ? settings[key] : undefined;
  return { result: value ?? call.parameters.text('default') ?? '' };
}

/** `setSetting(key, value)`, for administrators: true. */
export async function setSetting(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  const name = changeableKey(call);
  const value = call.parameters.text('value');
  if (value === undefined) throw invalidParameter('Parameter value is missing');
  await parts.settings.setSetting({ name, value }).catch(asProtocolError);
  return { result: true };
}

/** `delSetting(key)`, for administrators: true, also for a setting that was not there. */
export async function delSetting(parts: OperationParts, call: SessionCall): Promise<OperationAnswer> {
  await parts.settings.removeSetting({ name: changeableKey(call) });
  return { result: true };
}

function changeableKey(call: SessionCall): string {
  const key = requireText(call, 'key');
  if (!call.user.admin || LOCAL_SETTINGS.has(key)) throw accessDenied(key);
  return key;
}

function asProtocolError(thrown: unknown): never {
  if (thrown instanceof MapwrightError && /^(?:NAME|SETTING)_INVALID$/u.test(thrown.code)) {
    throw new MapwrightError('INVALID_PARAMETER', thrown.message, { cause: thrown });
  }
  throw thrown;
}
