/**
 * Readings that a browser holds until the server has them: drafts while one types, and what was saved without a line. Each has its own
 * idempotency key and the tag of the person who typed it; whoever else signs in at this browser never sees it.
 */
export type State =
  /** Being typed in a form. */
  | 'draft'
  /** A form was sent as pages send forms; its answer is not known here. */
  | 'submitted'
  | 'waiting'
  /** The session is over: it waits for the same person to sign in. */
  | 'signed-out'
  /** The server asks about a value or cannot read it: it must go back to the form. */
  | 'open'
  | 'saved';

export interface Entry {
  key: string;
  person: string;
  state: State;
  /** When it was typed, by this device's clock: shown, never counted. */
  at: number;
  /** Names and values of the form; pictures are files. */
  fields: [string, string | File][];
  /** What the server said. */
  lines: string[];
}

export const isDraft = ({ state }: Entry): boolean => state === 'draft' || state === 'submitted';

const STORE = 'entries';
/** The server remembers keys of idempotency for 30 days: an older entry could be counted twice, and is no reading of today. */
export const KEPT_DAYS = 25;
export const isFresh = ({ at }: Pick<Entry, 'at'>): boolean => Date.now() - at < KEPT_DAYS * 86_400_000;

/** One connection for the life of a page: what is typed last must be written before the page is left. */
let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((done, fail) => {
    const request = indexedDB.open('readings', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'key' });
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = () => {
        opened = undefined;
      };
      // Signing out deletes the whole of it: nobody may hold it open.
      database.onversionchange = () => {
        database.close();
        opened = undefined;
      };
      done(database);
    };
    request.onerror = () => {
      opened = undefined;
      fail(request.error);
    };
  });
  return opened;
}

/** Does `work` with all entries in one transaction and waits until it is on the disk. */
async function change<Result>(work: (entries: Entry[], store: IDBObjectStore) => Result): Promise<Result> {
  const database = await open();
  return new Promise((done, fail) => {
    const transaction = database.transaction(STORE, 'readwrite');
    const store = transaction.objectStore(STORE);
    const all = store.getAll();
    let result: Result;
    all.onsuccess = () => {
      result = work(all.result, store);
    };
    transaction.oncomplete = () => done(result);
    transaction.onabort = () => fail(transaction.error);
  });
}

export const readEntries = (): Promise<Entry[]> => change((entries) => entries);
export const putEntry = (entry: Entry): Promise<void> => change((_, store) => void store.put(entry));

/** What is in a form, by its key; what waits under this key already is no draft any more. */
export const putDraft = (draft: Entry): Promise<void> =>
  change((entries, store) => {
    const known = entries.find(({ key }) => key === draft.key);
    if (!known || isDraft(known)) store.put(draft);
  });

/** Changes one entry if it is there still: somebody may have taken it back to the form meanwhile. */
export const changeEntry = (key: string, changed: (entry: Entry) => Entry | null): Promise<void> =>
  change((entries, store) => {
    const entry = entries.find((one) => one.key === key);
    if (!entry) return;
    const next = changed(entry);
    if (next?.key !== key) store.delete(key);
    if (next) store.put(next);
  });

/** Removes the entries that `isOver` names and returns them. */
export const takeEntries = (isOver: (entry: Entry) => boolean): Promise<Entry[]> =>
  change((entries, store) =>
    entries.filter((entry) => {
      const over = isOver(entry);
      if (over) store.delete(entry.key);
      return over;
    }),
  );

/** The fields of a form that carry readings and are filled in. */
export const filledIn = (form: FormData): Entry['fields'] =>
  [...form].filter(
    ([name, value]) =>
      /^(t\d|photo|kept|sure)\./.test(name) && (typeof value === 'string' ? value.trim() !== '' : value.size > 0),
  );
