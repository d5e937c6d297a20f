import { beforeAll, expect, test } from 'vitest';
import { createTestContext, type TestContext } from '../../../tests/support/context.ts';
import { actorOf, buildPerson } from '../../../tests/support/rows.ts';
import type { PersonId } from '../../platform/ids.ts';
import { loadRules } from '../../platform/rules/load.ts';
import { acceptTexts } from './accept-texts.ts';
import { loadLegalTexts } from './load-legal-texts.ts';
import { selectConsents } from './queries/consents.ts';
import { withdrawConsent } from './withdraw-consent.ts';

let context: TestContext;
beforeAll(async () => {
  context = await createTestContext();
  await loadRules(context.db);
  await loadLegalTexts(context.db);
});

const accept = (personId: PersonId, versions: Record<string, number> = { agreement: 1, consent: 1 }) =>
  acceptTexts(context, actorOf(personId), { capacity: null, versions });
const history = async (personId: PersonId) =>
  (await selectConsents(context.db, personId)).map(({ what, kind }) => `${what} ${kind}`);

test('texts are accepted by people alone, and in the version that is in force', async () => {
  await expect(
    acceptTexts(context, { kind: 'anonymous' }, { capacity: null, versions: { agreement: 1, consent: 1 } }),
  ).rejects.toMatchObject({ status: 401 });
  const personId = await buildPerson(context);
  await expect(accept(personId, { agreement: 1, consent: 2 })).rejects.toMatchObject({ code: 'text_changed' });
  expect(await history(personId)).toEqual([]);
});

test('a form sent from two windows is one acceptance; after a withdrawal it is accepted anew', async () => {
  const personId = await buildPerson(context);
  // Connections that are open already: they ask at once.
  await Promise.all([1, 2, 3, 4].map(() => history(personId)));
  await Promise.all([1, 2, 3, 4].map(() => accept(personId)));
  await accept(personId);
  const once = ['accepted consent', 'accepted agreement'];
  expect((await history(personId)).sort()).toEqual([...once].sort());
  const events = await context.db
    .selectFrom('audit_event')
    .select('action')
    .where('person_id', '=', personId)
    .execute();
  expect(events.map(({ action }) => action)).toEqual(['identity.accepted_texts']);
  await withdrawConsent(context, actorOf(personId), null);
  await accept(personId);
  expect((await history(personId)).filter((line) => line === 'accepted consent')).toHaveLength(2);
});
