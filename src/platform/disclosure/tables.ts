import type { PersonId, SessionId } from '../ids.ts';

export interface DisclosureTable {
  person_id: PersonId;
  session_id: SessionId;
  record: string;
  purpose: string;
  at: Date;
  until: Date;
}

declare module '../database/database.ts' {
  interface Tables {
    disclosure: DisclosureTable;
  }
}
