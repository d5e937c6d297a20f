import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database/database.ts';
import type { FileStore } from './files/files.ts';

/** What a use case is given of the world. Made once a process; tests make their own. */
export interface Context {
  db: Database;
  clock: Clock;
  config: Config;
  files: FileStore;
  log: Logger;
}
