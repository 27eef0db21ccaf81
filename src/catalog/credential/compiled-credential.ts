import type { Credential } from '../../core/credential.ts';
import type { JsonObject } from '../../core/json.ts';
import type { CredentialDocument } from '../../document/credential.ts';
import type { Reference } from '../../expression/compiled.ts';

/** What a credential's texts and names stand for at the time of a call. */
export interface CredentialValues {
  readonly settings: JsonObject;
  /** Undefined when there is no secret of this name. */
  secret(name: string): Promise<string | undefined>;
  /** The user on whose behalf the call is made. */
  readonly user: string;
  /** The address of the service that is called; undefined when there is none. */
  readonly serviceUrl: string | undefined;
  /** Error codes and statuses by which the service says that a session is gone, besides those that vtiger has. */
  readonly renewOn?: readonly string[] | undefined;
}

/** A credential whose texts are compiled. */
export interface CompiledCredential {
  readonly name: string;
  readonly document: CredentialDocument;
  /** Names of the secrets it uses. */
  readonly secrets: readonly string[];
  /** The settings and secrets that it reads. */
  readonly references: readonly Reference[];
  /** Settings and secrets put in. Rejects with SECRET_MISSING, PARAMETER_SOURCE_MISSING, URL_INVALID. */
  resolve(values: CredentialValues): Promise<Credential>;
}
