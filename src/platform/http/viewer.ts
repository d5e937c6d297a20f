import { createHmac } from 'node:crypto';
import type { Actor } from '../access.ts';
import { type Config, deriveKey } from '../config.ts';

/** Says whose a page is: the browser drops what it keeps of somebody else, or of a session that is over. */
export const VIEWER_HEADER = 'domovoy-viewer';
/** Nobody has signed in. Guests are nobody here: nothing is kept for them. */
const NOBODY = '-';

export interface Viewer {
  /** The same in all sessions of the person; tells nothing about them. */
  person: string;
  /** `<person>.<session>`, or `-`. */
  header: string;
}

/** Tags of people and sessions that may lie in a browser's storage, unlike ids and secrets. */
export function viewerTags(config: Pick<Config, 'SECRET_KEY'>): (actor: Actor) => Viewer {
  const key = deriveKey(config, 'tags of viewers');
  const tag = (id: string) => createHmac('sha256', key).update(id).digest('base64url').slice(0, 22);
  return (actor) => {
    if (actor.kind !== 'person') return { person: NOBODY, header: NOBODY };
    const person = tag(actor.personId);
    return { person, header: `${person}.${tag(actor.sessionId)}` };
  };
}
