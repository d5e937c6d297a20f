import { connectedAccounts, recordShareLooks, usableAccounts } from '../src/modules/accounts/index.ts';
import { acceptShare, inviteHelper, revokeShare } from '../src/modules/connections/index.ts';
import { day } from '../src/platform/month.ts';
import type { Life } from './appeals/lives.ts';
import { contextAt, daysAgo, type Past } from './appeals/past.ts';
import { type Author, asAuthor } from './appeals/people.ts';

const OWNER = 'domovitova';
const OWN_FLAT = 'Моя квартира';
const MOTHERS_FLAT = 'Квартира мамы';

/** The owner lets a brother in to their mother's accounts, has invited a neighbour, and has closed the door behind a tenant. */
export const shareLives = (past: Past, tenant: Author): Life[] => [() => share(past, tenant)];

async function share(past: Past, tenant: Author): Promise<void> {
  const owner = asAuthor(OWNER, 0, '12').actor;
  const links = await connectedAccounts(past.context.db, owner.personId);
  const of = (flat: string) => links.filter(({ title }) => title === flat).map(({ linkId }) => linkId);
  const invite = (moment: Date, given: Pick<Invitation, 'linkIds' | 'invitedAs' | 'rights' | 'until'>) =>
    inviteHelper(contextAt(past, moment), owner, {
      email: null,
      key: moment.toISOString(),
      ...given,
    });

  const lived = {
    linkIds: of(OWN_FLAT).slice(0, 1),
    invitedAs: 'Квартирант',
    rights: ['readings', 'pay'] as const,
    until: null,
  };
  const closed = await invite(daysAgo(past, 80, 19), lived);
  await acceptShare(contextAt(past, daysAgo(past, 79, 9)), tenant.actor, closed.code!);
  await look(past, tenant, [70, 40]);
  await revokeShare(contextAt(past, daysAgo(past, 25, 18)), owner, closed.shareIds[0]!);

  const brother = asAuthor('nepodtverzhdyonov', 1, '8');
  const until = day(`${Number(past.today.slice(0, 4)) + 1}-12-31`);
  const { code } = await invite(daysAgo(past, 60, 12), {
    ...{ linkIds: of(MOTHERS_FLAT), invitedAs: 'Брат Фёдор', rights: ['readings'], until },
  });
  await acceptShare(contextAt(past, daysAgo(past, 60, 20)), brother.actor, code!);
  await look(past, brother, [58, 31, 3]);

  await invite(daysAgo(past, 2, 13), {
    ...{ linkIds: of(OWN_FLAT).slice(0, 1), invitedAs: 'Соседка Мария', rights: [], until: null },
  });
}

type Invitation = Parameters<typeof inviteHelper>[2];

/** What the pages write down for the owner when a helper opens them. */
async function look(past: Past, { actor }: Author, days: readonly number[]): Promise<void> {
  for (const ago of days) {
    const moment = daysAgo(past, ago, 21, 15);
    const accounts = await usableAccounts(past.context.db, actor.personId, 'see', moment);
    await recordShareLooks(past.context.db, accounts, { kind: 'bills', what: 'список квитанций' }, moment);
    await recordShareLooks(past.context.db, accounts, { kind: 'meters', what: 'список' }, moment);
  }
}
