import { documentStoreContract } from '../contract/document-store-contract.ts';
import { identityStoreContract } from '../contract/identity-store-contract.ts';
import { journalContract } from '../contract/journal-contract.ts';
import { laneContract } from '../contract/lane-contract.ts';
import { recordQueryContract } from '../contract/record-query-contract.ts';
import { recordStoreContract } from '../contract/record-store-contract.ts';
import { secretStoreContract } from '../contract/secret-store-contract.ts';
import { sqliteInstall } from './sqlite-install.ts';

journalContract('SQLite', sqliteInstall);
laneContract('SQLite', sqliteInstall);
recordStoreContract('SQLite', sqliteInstall);
recordQueryContract('SQLite', sqliteInstall);
documentStoreContract('SQLite', sqliteInstall);
secretStoreContract('SQLite', sqliteInstall);
identityStoreContract('SQLite', sqliteInstall);
