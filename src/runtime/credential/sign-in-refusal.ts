import { MapwrightError } from '../../core/error.ts';

const AGAIN = 'begin again: mapwright credential connect NAME';

/** Of a state that was made up, or of a sign-in that is long over. */
export function unknownSignIn(): MapwrightError {
  return new MapwrightError('CREDENTIAL_SIGN_IN_UNKNOWN', 'nobody is signing in here under this address', {
    hint: AGAIN,
  });
}

/** It has ended, or took too long. */
export function over(problem: string | undefined): MapwrightError {
  const why = problem === undefined ? 'it has ended, or took too long' : problem;
  return new MapwrightError('CREDENTIAL_SIGN_IN_OVER', `this sign-in is over: ${why}`, { hint: AGAIN });
}

/** The browser that came back is not the one that went. */
export function otherBrowser(): MapwrightError {
  return new MapwrightError('CREDENTIAL_SIGN_IN_ELSEWHERE', 'this sign-in was begun in another browser', {
    hint: 'go on in the browser in which the address of the sign-in was opened; it has to keep cookies',
  });
}

/** The credential is not what it was when the person went: the code, or the account, was given for something else. */
export function changedMeanwhile(credential: string): MapwrightError {
  return new MapwrightError('CREDENTIAL_CHANGED', `credential "${credential}" was changed during the sign-in`, {
    hint: `begin again: mapwright credential connect ${credential}`,
  });
}

/** Somebody exchanges the code at this moment. */
export function underWay(): MapwrightError {
  return new MapwrightError('CREDENTIAL_SIGN_IN_BUSY', 'this sign-in is being finished at this moment', {
    hint: 'reload this page in half a minute',
    retryable: true,
  });
}
