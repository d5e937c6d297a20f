import { z } from 'zod';
import type { Context } from '../../../platform/context.ts';
import { type Db, transaction } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId, UploadId } from '../../../platform/ids.ts';
import { addJob, defineJob, type JobKind } from '../../../platform/jobs/jobs.ts';
import { selectAccountsOfUpload, selectHousesOfUpload, selectToldOf } from '../queries/new-bills.ts';
import { tellPerson } from './tell-people.ts';

/** A clerk who sees a mistake at once takes the upload back, and nobody has been told. */
const DELAY_MS = 5 * 60_000;
/** People of one job: a few seconds of work, so a killed worker loses little. */
const PEOPLE = 100;
/** One after another: letters of a whole region leave the other workers to whoever waits for a page. */
const QUEUE = 'billing.new_bills';

const id = <T>() => z.uuid().transform((value) => value as T);

export const tellPeopleJob = defineJob({
  name: 'billing.tell_people',
  payload: z.object({ uploadId: id<UploadId>(), people: z.array(id<PersonId>()) }),
  async run(context, { uploadId, people }) {
    for (const personId of people) await tellPerson(context, personId, uploadId);
  },
});

/**
 * Goes through the houses of an applied upload and gathers whoever has connected an account there, each once: a person with flats in
 * three houses gets one letter. Repeated, it asks for the same people again, who are told of nothing twice.
 */
async function gatherPeople(context: Context, organisationId: OrganisationId, uploadId: UploadId): Promise<void> {
  const { db } = context;
  const people = new Set<PersonId>();
  for (const houseId of await selectHousesOfUpload(db, organisationId, uploadId)) {
    const accounts = await selectAccountsOfUpload(db, houseId, uploadId);
    if (accounts.length === 0) continue;
    for (const personId of await selectToldOf(db, houseId, accounts, context.clock())) people.add(personId);
  }
  const all = [...people];
  await transaction(db, async (trx) => {
    for (let from = 0; from < all.length; from += PEOPLE)
      await addJob(trx, tellPeopleJob, { uploadId, people: all.slice(from, from + PEOPLE) }, { queue: QUEUE });
  });
}

export const gatherPeopleJob = defineJob({
  name: 'billing.gather_people',
  payload: z.object({ organisationId: id<OrganisationId>(), uploadId: id<UploadId>() }),
  run: (context, { organisationId, uploadId }) => gatherPeople(context, organisationId, uploadId),
});

/** In the transaction that applies an upload of bills: one row, however many bills. */
export const addNewBills = (
  trx: Db,
  { organisationId, uploadId }: { organisationId: OrganisationId; uploadId: UploadId },
  at: Date,
): Promise<void> =>
  addJob(
    trx,
    gatherPeopleJob,
    { organisationId, uploadId },
    { key: `billing.gather_people:${uploadId}`, runAt: new Date(at.getTime() + DELAY_MS), queue: QUEUE },
  );

// biome-ignore lint/suspicious/noExplicitAny: a list of kinds with different payloads
export const billingJobs: readonly JobKind<any>[] = [gatherPeopleJob, tellPeopleJob];
