/** The server of tests/support/files-server.ts as a process of its own. */

import { readConfig } from '../../src/platform/config.ts';
import { createContext } from '../../src/process.ts';
import { startFilesServer } from '../support/files-server.ts';

const { url } = await startFilesServer(createContext(readConfig(process.env), 'domovoy-files'));
process.send!({ ready: true, url, pid: process.pid });
