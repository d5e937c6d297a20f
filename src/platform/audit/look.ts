import { type SignedIn, type System, throughOf } from '../access.ts';
import { type Database, type Db, type Transaction, transaction } from '../database/database.ts';
import type { AccountId, HouseId, OrganisationId, PersonId, PremisesId } from '../ids.ts';
import { dayIn } from '../month.ts';
import { insertAuditEvent } from './queries/events.ts';
import { type HomeOfRow, type LookRow, writeHomeLooks, writePersonLook } from './queries/looks.ts';

/** A day of a look is one of the country's calendar: people of several zones read the same page. */
const ZONE = 'Europe/Moscow';
/** As the columns hold it. */
const LONGEST = 300;

/** Somebody other than the person reads personal data. */
export interface Look {
  /** Of the journal: «accounts.viewed». */
  action: string;
  at: Date;
  /** In words for the person whose data it is: «Лицевой счёт № 12-34». */
  what: string;
  /** What repeats of the same day are told by: the account, the appeal, the file. */
  thingId: string;
  /** Known people whose data it is; the journal names the first as its subject. */
  subjects?: readonly PersonId[];
  /** Accounts, premises or lists of houses: whoever has connected an account there reads of it. */
  homes?: readonly HomeOfLook[];
  /** Where it is, for the journal, when no home is looked at: the place of an appeal. */
  houseId?: HouseId;
  /** Names and contacts were hidden on the page. */
  masked?: boolean;
  /** For what, in words. */
  purpose?: string;
  details?: Record<string, unknown>;
}

export interface HomeOfLook {
  houseId: HouseId;
  /** The accounts or premises; without them it is a list of the whole house. */
  about?: readonly (AccountId | PremisesId)[];
  /** Whose accounts alone the list of a house holds; without it the list is of everybody there. */
  providerId?: OrganisationId;
  /** For the journal, where one account is meant. */
  accountId?: AccountId | null;
}

/**
 * Writes a look at personal data: into the journal, and where the person whose data it is can read of it, in one transaction. Repeats of
 * the same look by the same viewer within a day are one line for the person.
 * @param db its transaction is joined when there is one
 */
export async function auditLook(db: Db, viewer: SignedIn | System, look: Look): Promise<void> {
  await within(db, async (trx) => {
    const who = viewerOf(viewer);
    const { homes = [], subjects = [], purpose = '', masked = false } = look;
    const [subject = null, ...others] = subjects;
    await insertAuditEvent(trx, {
      actor: who.viewerId,
      action: look.action,
      at: look.at,
      organisationId: who.organisationId,
      subject,
      houseId: homes.length === 1 ? homes[0]!.houseId : (look.houseId ?? null),
      accountId: homes.length === 1 ? (homes[0]!.accountId ?? null) : null,
      details: {
        ...look.details,
        ...who.through,
        ...(others.length > 0 && { others }),
        ...(homes.length > 1 && { houses: homes.length }),
        ...(purpose && { purpose }),
        ...(masked && { masked }),
      },
    });
    const { through: _, ...seen } = who;
    const row: LookRow = {
      ...seen,
      day: dayIn(ZONE, look.at),
      thingId: look.thingId,
      what: look.what.slice(0, LONGEST),
      masked,
      purpose: purpose.slice(0, LONGEST),
      at: look.at,
    };
    for (const personId of new Set(subjects)) await writePersonLook(trx, personId, row);
    const owners = homes.flatMap(({ houseId, about, providerId = null }) =>
      [...new Set<HomeOfRow['aboutId']>(about ?? [houseId])].map(
        (aboutId): HomeOfRow => ({ houseId, aboutId, providerId }),
      ),
    );
    if (owners.length > 0) await writeHomeLooks(trx, owners, row);
  });
}

function viewerOf(viewer: SignedIn | System) {
  if (viewer.kind === 'system')
    return {
      viewerId: viewer.madeBy,
      viewerName: '',
      viewerRole: 'system',
      organisationId: viewer.organisationId,
      through: {},
    };
  const { personId, name, acting } = viewer;
  return {
    viewerId: personId,
    // An employee of a settlement centre is told as one.
    viewerName: acting?.through ? `${name}, ${acting.through.name}` : name,
    viewerRole: acting?.role ?? (viewer.administrator ? 'administrator' : 'person'),
    organisationId: acting?.organisationId ?? null,
    through: acting ? throughOf(acting) : {},
  };
}

const within = (db: Db, work: (trx: Transaction) => Promise<void>): Promise<void> =>
  db.isTransaction ? work(db as Transaction) : transaction(db as Database, work);
