import { MapwrightError } from '../../core/error.ts';

/** A request that is not answered in the protocol, because it is none: a plain HTTP status says why. */
export class RequestRefusal extends MapwrightError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(code, message);
    this.status = status;
    this.headers = headers;
  }
}

/** REQUEST_INVALID, status 400. */
export function requestInvalid(message: string): RequestRefusal {
  return new RequestRefusal(400, 'REQUEST_INVALID', message);
}

/** REQUEST_TOO_LARGE, status 413 (RFC 9110 section 15.5.14). */
export function requestTooLarge(maxBytes: number): RequestRefusal {
  return new RequestRefusal(413, 'REQUEST_TOO_LARGE', `The request's body is larger than ${maxBytes} bytes`);
}

/** REQUEST_METHOD, status 405. */
export function methodRefused(): RequestRefusal {
  return new RequestRefusal(405, 'REQUEST_METHOD', 'Only GET, POST and OPTIONS are answered here', {
    Allow: 'GET, POST, OPTIONS',
  });
}
