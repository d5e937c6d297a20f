import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Row {
  payload: AdapterPayload;
  /** Milliseconds since the epoch; null: never. */
  expiresAt: number | null;
}

export interface Store {
  adapter: AdapterFactory;
  /** Writes what has not been written yet. */
  close(): void;
}

const SAVE_PAUSE = 250;

/**
 * Sessions, grants, codes and tokens of the identity provider: in memory, and in one small file so that a restart keeps
 * people signed in. The file lags up to a quarter of a second: a kill in that time loses the last step, and the person
 * starts the sign-in anew. Good enough for a sandbox, where nothing but a few sessions is at stake.
 */
export function openStore(path: string): Store {
  const rows = new Map<string, Row>(load(path));
  let timer: NodeJS.Timeout | undefined;
  const live = (key: string): AdapterPayload | undefined => {
    const row = rows.get(key);
    if (row && isExpired(row)) rows.delete(key);
    else return row?.payload;
  };
  const changed = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      save(path, rows);
    }, SAVE_PAUSE);
  };
  return {
    adapter: (model) => modelAdapter(model, rows, live, changed),
    close() {
      clearTimeout(timer);
      save(path, rows);
    },
  };
}

function modelAdapter(
  model: string,
  rows: Map<string, Row>,
  live: (key: string) => AdapterPayload | undefined,
  changed: () => void,
): Adapter {
  const key = (id: string) => `${model}:${id}`;
  const findBy = (matches: (payload: AdapterPayload) => boolean) => {
    for (const name of rows.keys()) {
      const payload = name.startsWith(`${model}:`) ? live(name) : undefined;
      if (payload && matches(payload)) return payload;
    }
  };
  return {
    async upsert(id, payload, expiresIn) {
      rows.set(key(id), { payload, expiresAt: expiresIn === undefined ? null : Date.now() + expiresIn * 1000 });
      changed();
    },
    find: async (id) => live(key(id)),
    findByUid: async (uid) => findBy((payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findBy((payload) => payload.userCode === userCode),
    async consume(id) {
      const payload = live(key(id));
      if (payload) payload.consumed = Math.floor(Date.now() / 1000);
      changed();
    },
    async destroy(id) {
      rows.delete(key(id));
      changed();
    },
    async revokeByGrantId(grantId) {
      for (const [name, { payload }] of rows) {
        if (name.startsWith(`${model}:`) && payload.grantId === grantId) rows.delete(name);
      }
      changed();
    },
  };
}

const isExpired = ({ expiresAt }: Row) => expiresAt !== null && expiresAt <= Date.now();

function load(path: string): [string, Row][] {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as [string, Row][]).filter(([, row]) => !isExpired(row));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function save(path: string, rows: Map<string, Row>): void {
  for (const [name, row] of rows) if (isExpired(row)) rows.delete(name);
  writeWhole(path, JSON.stringify([...rows]));
}

/** Whole or not at all: written beside, synced, renamed. Readable by the owner alone. */
export function writeWhole(path: string, text: string): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
