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
  const of = (flat: string) => links.filter(({ title }) => title === flat);
  const invite = (
    moment: Date,
    link: (typeof links)[number],
    given: Pick<Invitation, 'invitedAs' | 'rights' | 'until'>,
  ) =>
    inviteHelper(contextAt(past, moment), owner, {
      linkId: link.linkId,
      email: null,
      key: `${link.linkId} ${moment.getTime()}`,
      ...given,
    });

  const lived = { invitedAs: 'Квартирант', rights: ['readings', 'pay'] as const, until: null };
  const closed = await invite(daysAgo(past, 80, 19), of(OWN_FLAT)[0]!, lived);
  await acceptShare(contextAt(past, daysAgo(past, 79, 9)), tenant.actor, closed.code!);
  await look(past, tenant, [70, 40]);
  await revokeShare(contextAt(past, daysAgo(past, 25, 18)), owner, closed.shareId);

  const brother = asAuthor('nepodtverzhdyonov', 1, '8');
  const until = day(`${Number(past.today.slice(0, 4)) + 1}-12-31`);
  for (const [index, link] of of(MOTHERS_FLAT).entries()) {
    const { code } = await invite(daysAgo(past, 60, 12, index), link, {
      invitedAs: 'Брат Фёдор',
      rights: ['readings'],
      until,
    });
    await acceptShare(contextAt(past, daysAgo(past, 60, 20, index)), brother.actor, code!);
  }
  await look(past, brother, [58, 31, 3]);

  await invite(daysAgo(past, 2, 13), of(OWN_FLAT)[0]!, { invitedAs: 'Соседка Мария', rights: [], until: null });
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
