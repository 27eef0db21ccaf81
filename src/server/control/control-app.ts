import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { MapwrightError, messageOf } from '../../core/error.ts';
import { DEEPEST_JSON, isTooDeep } from '../../core/json-text.ts';
import type { Administration } from '../../runtime/administration.ts';
import { CALL_PATH, CONTROL_METHODS, CONTROL_PROTOCOL, HELLO_PATH, MAX_REQUEST_BYTES } from './control-methods.ts';
import { OPERATOR_HEADER, isControlMethod, tooLarge } from './control-methods.ts';
import type { ControlHello, ControlProblem } from './control-methods.ts';

/**
 * The control socket's routes: one POST per method of Administration, its parameter and its answer as JSON.
 * An answer of nothing is status 204; an error is a problem document with the error's code, message and hint.
 */
export function createControlApp(administrationOf: (operator: string) => Administration): Hono {
  const app = new Hono();
  app.onError((error, context) => answerProblem(context, error));
  app.notFound((context) => answerProblem(context, unknownRoute(context.req.path)));
  const hello: ControlHello = { product: 'mapwright', protocol: CONTROL_PROTOCOL };
  app.get(HELLO_PATH, (context) => context.json(hello));
  app.use(
    `${CALL_PATH}*`,
    bodyLimit({ maxSize: MAX_REQUEST_BYTES, onError: (context) => answerProblem(context, tooLarge()) }),
  );
  for (const method of CONTROL_METHODS) {
    app.post(`${CALL_PATH}${method}`, (context) => answerCall(context, administrationOf(operatorOf(context)), method));
  }
  return app;
}

async function answerCall(context: Context, administration: Administration, method: string): Promise<Response> {
  if (!isControlMethod(method)) throw unknownRoute(context.req.path);
  const parameters = readParameters(await context.req.text());
  const result: unknown = await Reflect.apply(administration[method], administration, parameters);
  return result === undefined ? context.body(null, 204) : context.json(result);
}

/** A client of an earlier version does not say who gives its commands. */
function operatorOf(context: Context): string {
  try {
    return decodeURIComponent(context.req.header(OPERATOR_HEADER) ?? '') || 'unknown';
  } catch {
    return 'unknown';
  }
}

function readParameters(body: string): unknown[] {
  if (body === '') return [];
  if (isTooDeep(body)) {
    throw new MapwrightError('CONTROL_REQUEST_INVALID', `the request nests more than ${DEEPEST_JSON} levels deep`);
  }
  try {
    return [JSON.parse(body)];
  } catch (cause) {
    throw new MapwrightError('CONTROL_REQUEST_INVALID', `the request is no JSON: ${messageOf(cause)}`, { cause });
  }
}

function unknownRoute(path: string): MapwrightError {
  return new MapwrightError('CONTROL_METHOD_UNKNOWN', `the owner of the install knows no ${path}`, {
    hint: 'run the same version of mapwright as the server',
  });
}

function answerProblem(context: Context, thrown: unknown): Response {
  const error =
    thrown instanceof MapwrightError
      ? thrown
      : new MapwrightError('CONTROL_FAILED', messageOf(thrown), { cause: thrown });
  const problem: ControlProblem = {
    type: `urn:mapwright:error:${error.code}`,
    title: 'The command was refused or failed',
    status: 422,
    code: error.code,
    detail: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    retryable: error.retryable,
  };
  return context.body(JSON.stringify(problem), 422, { 'content-type': 'application/problem+json' });
}
