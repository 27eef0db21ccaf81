import type { ServerResponse } from 'node:http';
import type { FaultName } from './faults.ts';
import type { ForwardedAnswer } from './forwarded-call.ts';
import type { ObservedCall } from './observed-calls.ts';
import { resetConnection } from './reset-connection.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html' };
const PAGE = '<!DOCTYPE html><html><body><h1>Be right back</h1></body></html>';
const REFUSAL = '{"success":false,"error":{"code":"DATABASE_QUERY_ERROR","message":"Database error"}}';
const NOTHING_LOOKED_FOR = '{"success":true,"result":{"unknown":[1,2,3]}}';
/** A change has no value in its answer that could be missed: only this tells that it is the wrong answer. */
const NOT_THE_ANSWER = '{"unknown":[1,2,3]}';
const CHUNK = Buffer.alloc(64 * 1024, ' ');

/** Answers a call that B never gets. */
export function harmCall(fault: FaultName, response: ServerResponse, { operation }: ObservedCall): void {
  switch (fault) {
    case 'status-500':
      return void response.writeHead(500, HTML_TYPE).end(PAGE);
    case 'status-429':
      return void response.writeHead(429, { ...HTML_TYPE, 'retry-after': '1' }).end(PAGE);
    case 'status-503':
      return void response.writeHead(503, HTML_TYPE).end(PAGE);
    case 'html-page':
      return void response.writeHead(200, HTML_TYPE).end(PAGE);
    case 'refusal':
      return void response.writeHead(200, JSON_TYPE).end(REFUSAL);
    case 'wrong-json':
      return void response.writeHead(200, JSON_TYPE).end(operation === 'revise' ? NOT_THE_ANSWER : NOTHING_LOOKED_FOR);
    case 'redirect':
      return void response.writeHead(302, { ...HTML_TYPE, location: 'http://127.0.0.1:9/elsewhere' }).end(PAGE);
    case 'endless-body':
      return pourOut(response);
    case 'hanging':
    default:
      // Nothing: the caller gives up, or its connection is ended when the fault is over.
      return undefined;
  }
}

/** Harms the answer that B gave; false for a fault that has done its harm already. */
export function harmAnswer(fault: FaultName, response: ServerResponse, answer: ForwardedAnswer): boolean {
  switch (fault) {
    case 'answer-lost':
      response.socket?.destroy();
      return true;
    case 'cut-off':
      sendHalf(response, answer, () => response.socket?.destroySoon());
      return true;
    case 'reset':
      sendHalf(response, answer, () => resetConnection(response.socket));
      return true;
    default:
      return false;
  }
}

function sendHalf(response: ServerResponse, { status, body }: ForwardedAnswer, then: () => void): void {
  response.writeHead(status, { ...JSON_TYPE, 'content-length': body.length });
  response.write(body.subarray(0, body.length / 2), then);
}

function pourOut(response: ServerResponse): void {
  response.writeHead(200, JSON_TYPE);
  const pour = (): void => {
    while (!response.destroyed && response.write(CHUNK));
  };
  response.on('drain', pour);
  pour();
}
