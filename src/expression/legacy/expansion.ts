import { type JsonataBudget, JsonataGuard, tooLarge } from '../jsonata-guard.ts';
import type { LegacyEnvironment } from './environment.ts';
import { evaluationScope } from './legacy.ts';
import { toLegacyText } from './value.ts';

const OPENING = '{{';
const CLOSING = '}}';
/** How many parts one text may have, those that the values of parts bring along included. */
const MAX_EXPANSIONS = 1000;

/**
 * Replaces each `{{ expression }}` by the text of its value, the inner ones first, and goes on with what that brings. The value
 * stands in the text as it is, without quotes: `concat({{ name }}, 1)` computes on what the field `name` holds as an expression.
 * Only tasks that write records expand their expressions, before they are compiled; maps and conditions do not. Rejects with the
 * codes of compiling and evaluating, and with EXPRESSION_TOO_LARGE when it does not come to an end.
 */
export async function expandLegacy(
  text: string,
  environment: LegacyEnvironment,
  budget: JsonataBudget = {},
): Promise<string> {
  const scope = evaluationScope(environment, new JsonataGuard(budget));
  let expanded = text;
  for (let times = 0; ; times++) {
    const first = expanded.indexOf(OPENING);
    const closing = first < 0 ? -1 : expanded.indexOf(CLOSING, first + OPENING.length);
    if (closing < 0) return expanded;
    const opening = expanded.lastIndexOf(OPENING, closing - OPENING.length);
    if (times >= MAX_EXPANSIONS) throw tooLarge(`more than ${MAX_EXPANSIONS} parts in {{ }}`);
    const inner = expanded.slice(opening + OPENING.length, closing);
    const value = toLegacyText(await scope.evaluateText(inner));
    expanded = expanded.slice(0, opening) + value + expanded.slice(closing + CLOSING.length);
    scope.guard.checkLength(expanded.length);
    scope.guard.checkTime();
  }
}
