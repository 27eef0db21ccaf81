import type { Administration } from '../../runtime/administration.ts';
import type { RemoteInstall } from '../open-administration.ts';
import { apiExchange, rawExchange } from './api-exchange.ts';
import { remoteRetention } from './remote-retention.ts';
import { remoteBackups } from './remote-backups.ts';
import { remoteCredentials } from './remote-credentials.ts';
import { remoteDestinations } from './remote-destinations.ts';
import { remoteFiles } from './remote-files.ts';
import { remoteLibrary, remotePacks } from './remote-library.ts';
import { remoteDocuments } from './remote-documents.ts';
import { remoteGroups, remoteNotes, remoteUnits, remoteUsers } from './remote-people.ts';
import { remoteInbox, remoteRuns, remoteSchedules } from './remote-runs.ts';
import { remoteSecrets } from './remote-secrets.ts';
import { remoteImports, remoteValues } from './remote-values.ts';

/** The administration of an install on another machine, over its REST API. Nothing is sent before the first command. */
export function connectApi(remote: RemoteInstall): Administration {
  const send = apiExchange(remote);
  return {
    ...remoteDocuments(send, remote.url),
    ...remoteLibrary(send),
    ...remotePacks(send, rawExchange(remote)),
    ...remoteRuns(send),
    ...remoteInbox(send),
    ...remoteSchedules(send),
    ...remoteDestinations(send),
    ...remoteCredentials(send),
    ...remoteValues(send),
    ...remoteSecrets(send),
    ...remoteUsers(send),
    ...remoteGroups(send),
    ...remoteUnits(send),
    ...remoteNotes(send),
    ...remoteImports(send),
    ...remoteBackups(send),
    ...remoteFiles(send, rawExchange(remote)),
    ...remoteRetention(send),
  };
}
