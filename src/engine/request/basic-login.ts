import type { CompiledMap } from '../../catalog/compiled-map.ts';
import type { Scope } from '../../catalog/compiled-source.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';

/**
 * The `Authorization` header of a coreBOS map with `wsuser` and `wspass` (RFC 7617); undefined unless both come to something.
 * The password is hidden from then on.
 */
export async function basicLogin({ login }: CompiledMap, scope: Scope): Promise<string | undefined> {
  if (login === undefined) return undefined;
  const user = toLegacyText((await login.user.evaluate(scope)) ?? '');
  const password = toLegacyText((await login.password.evaluate(scope)) ?? '');
  if (user === '' || password === '') return undefined;
  scope.taint(password);
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
