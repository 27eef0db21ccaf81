import { type Caller, callerName } from '../../core/access.ts';
import type { AuditStore } from '../../core/audit.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Administration } from '../administration.ts';
import { AUDIT_RULES, type AuditRule } from './audit-rules.ts';

interface Parts {
  readonly administration: Administration;
  readonly audit: AuditStore;
  readonly clock: Clock;
}

/** What is told of one command at most, in characters of JSON. */
const LONGEST_DETAIL = 8_000;

/** Any rule: it is given only what its own command gets and answers. */
type AnyRule = AuditRule<unknown, unknown>;
type Method = (params: unknown) => Promise<unknown>;

/**
 * The administration as this caller uses it: commands are given in the caller's name, whatever they say, and each that
 * changes something is in the audit, written before the change and completed after it.
 */
export function administrationOf(parts: Parts, caller: Caller): Administration {
  const { administration } = parts;
  const methods = Object.entries(AUDIT_RULES).map(([name, rule]) => {
    const method: Method = (params) => Reflect.apply(Reflect.get(administration, name), administration, [params]);
    const named: Method = (params) => method(inTheNameOf(caller, params));
    // Sound because a rule stands under the name of the method whose types it has.
    return [name, rule === 'looks' ? named : audited({ ...parts, caller, name, rule: rule as AnyRule }, named)];
  });
  // Sound because the table of rules cannot lack a method of Administration.
  return Object.fromEntries(methods) as Administration;
}

function inTheNameOf(caller: Caller, params: unknown): unknown {
  if (typeof params !== 'object' || params === null || !('by' in params)) return params;
  const origin = 'origin' in params && caller.kind !== 'local' ? { origin: caller.from } : {};
  return { ...params, ...origin, by: callerName(caller) };
}

interface Audited extends Parts {
  readonly caller: Caller;
  readonly name: string;
  readonly rule: AnyRule;
}

function audited({ administration, audit, clock, caller, name, rule }: Audited, method: Method): Method {
  return async (params) => {
    if (rule.isChange?.(params) === false) return method(params);
    const before = await rule.before?.(administration, params);
    const detail = bounded({ ...described('asked', rule.asked?.(params)), ...described('before', before) });
    const { kind, from } = caller;
    const by = callerName(caller);
    const id = await audit.begin({
      at: clock.now(),
      by,
      kind,
      from,
      action: name,
      target: rule.target(params),
      detail,
    });
    try {
      const answer = await method(params);
      const told = bounded({ ...described('after', rule.after?.(answer)) });
      // The change is made: whoever asked for it is told so, whatever becomes of its entry.
      await audit.end({ id, outcome: 'done', detail: told }).catch(() => undefined);
      return answer;
    } catch (thrown) {
      const code = thrown instanceof MapwrightError ? thrown.code : 'API_FAILED';
      await audit.end({ id, outcome: 'refused', code }).catch(() => undefined);
      throw thrown;
    }
  };
}

function described(name: string, value: Json | undefined): JsonObject {
  return value === undefined ? {} : { [name]: value };
}

function bounded(detail: JsonObject): JsonObject {
  return JSON.stringify(detail).length <= LONGEST_DETAIL ? detail : { cut: true };
}
