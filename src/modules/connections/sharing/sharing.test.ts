import { sql } from 'kysely';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestContext } from '../../../../tests/support/context.ts';
import { isLinkForgotten } from '../../../../tests/support/letters.ts';
import { buildMeterWorld, createMeterContext, type MeterWorld } from '../../../../tests/support/meter-world.ts';
import { actingOf, buildAccount, buildLink } from '../../../../tests/support/rows.ts';
import type { SignedIn } from '../../../platform/access.ts';
import { Conflict, Invalid, NotFound, NotSignedIn, TooMany } from '../../../platform/errors.ts';
import { type ClaimId, type LinkId, newId, type PersonId, type SessionId } from '../../../platform/ids.ts';
import { day } from '../../../platform/month.ts';
import { connectedAccounts, type ShareRight, usableAccounts } from '../../accounts/index.ts';
import { submitReadings } from '../../meters/index.ts';
import { disconnectAccount } from '../change-connection.ts';
import { decideClaim } from '../decide-claim.ts';
import { selectShares, selectUses } from '../queries/shares.ts';
import { insertClaim, insertLink } from '../queries.ts';
import { describeLinks } from '../read-links.ts';
import { acceptShare, readOffer } from './accept-share.ts';
import { endOverdueShares, revokeShare } from './end-share.ts';
import { inviteHelper } from './invite-helper.ts';

let context: TestContext;
let world: MeterWorld;
let owner: SignedIn;
let helper: SignedIn;
let linkId: LinkId;

async function person(given: string, confirmed = true): Promise<SignedIn> {
  const personId = newId<PersonId>();
  await sql`insert into person (person_id, kind, family_name, given_name, email, confirmed, created_at)
    values (${personId}, 'citizen', 'Дроздова', ${given}, ${`${personId}@example.test`}, ${confirmed}, ${context.now})`.execute(
    context.db,
  );
  return asActor(personId, confirmed);
}

const asActor = (personId: PersonId, confirmed = true): SignedIn => ({
  ...{ kind: 'person', personId, sessionId: newId<SessionId>(), name: 'Дроздова', snils: null, confirmed },
  ...{ administrator: false, connected: true, accepted: true, acting: null },
});

beforeAll(async () => {
  context = await createMeterContext();
});
beforeEach(async () => {
  world = await buildMeterWorld(context);
  owner = asActor(world.personId);
  await sql`update person set given_name = 'Мария', family_name = 'Дроздова', email = 'maria@example.test' where person_id = ${world.personId}`.execute(
    context.db,
  );
  helper = await person('Ольга', false);
  linkId = (await connectedAccounts(context.db, owner.personId))[0]!.linkId;
});

const invite = (actor: SignedIn, changes: Partial<Parameters<typeof inviteHelper>[2]> = {}) =>
  inviteHelper(context, actor, {
    linkIds: [linkId],
    invitedAs: 'Соседка',
    email: null,
    rights: ['readings'],
    until: null,
    key: newId(),
    ...changes,
  });
async function share(rights: ShareRight[] = ['readings'], until: string | null = null) {
  const { code, shareIds } = await invite(owner, { rights, until: until ? day(until) : null });
  const [helperLink] = await acceptShare(context, helper, code!);
  return { shareId: shareIds[0]!, helperLink: helperLink! };
}
const usable = (right: ShareRight, at = context.clock()) => usableAccounts(context.db, helper.personId, right, at);
const send = (t1: string, actor = helper) =>
  submitReadings(
    context,
    actor,
    [{ houseId: world.houseId, meterId: world.hot, resource: '2', t1, t2: null, t3: null, confirmed: [] } as never],
    newId(),
  );
const letters = async (personId: PersonId) =>
  (
    await sql<{
      subject: string;
    }>`select subject from mail_message where person_id = ${personId} order by mail_id`.execute(context.db)
  ).rows.map(({ subject }) => subject);

describe('inviting', () => {
  test('is the owner’s alone: not a stranger’s, not a helper’s, not of what is not connected', async () => {
    await expect(inviteHelper(context, { kind: 'anonymous' }, {} as never)).rejects.toThrow(NotSignedIn);
    await expect(invite(helper)).rejects.toThrow(NotFound);
    const { helperLink } = await share();
    await expect(invite(helper, { linkIds: [helperLink] })).rejects.toThrow(NotFound);
    await disconnectAccount(context, owner, linkId);
    await expect(invite(owner)).rejects.toThrow(NotFound);
  });

  test('a day that has passed and a day too far are refused, and so is a second letter to one address', async () => {
    await expect(invite(owner, { until: day('2026-11-09') })).rejects.toThrow(Invalid);
    await expect(invite(owner, { until: day('2036-11-09') })).rejects.toThrow(Invalid);
    const { code } = await invite(owner, { email: 'olga@example.test' });
    expect(await isLinkForgotten(context, 'olga@example.test', '/accounts/shared/')).toBe(true);
    expect(code).toBeNull();
    await expect(invite(owner, { email: 'Olga@example.test' })).rejects.toThrow(Invalid);
  });

  test('keeps no code, only its hash; too many are refused', async () => {
    const { code } = await invite(owner);
    const { rows } = await sql<{ row: string }>`select share_code::text || account_share::text as row from share_code
      join account_share using (person_id, share_id) where person_id = ${owner.personId}`.execute(context.db);
    expect(rows[0]!.row).not.toContain(code!.replaceAll('-', ''));
    for (let more = 1; more < 10; more += 1) await invite(owner);
    await expect(invite(owner)).rejects.toThrow(Conflict);
    for (let more = 10; more < 20; more += 1) {
      const [last] = await selectShares(context.db, owner.personId, linkId);
      await revokeShare(context, owner, last!.share_id);
      await invite(owner);
    }
    await revokeShare(context, owner, (await selectShares(context.db, owner.personId, linkId))[0]!.share_id);
    await expect(invite(owner)).rejects.toThrow(TooMany);
  });
});

describe('accepting', () => {
  test('whose form is sent again is the same, with the same code; with other words it is refused', async () => {
    const form = { key: 'a', invitedAs: 'Сын' };
    const both = await Promise.all([invite(owner, form), invite(owner, form)]);
    expect(both[0]).toEqual(both[1]);
    expect(both[0].code).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    await expect(invite(owner, { ...form, invitedAs: 'Дочь' })).rejects.toThrow(Conflict);
    expect((await invite(owner)).code).not.toBe(both[0].code);
    const { rows } = await sql`select 1 from account_share where person_id = ${owner.personId}`.execute(context.db);
    expect(rows).toHaveLength(2);
    expect(await acceptShare(context, helper, both[0].code!)).toBeTruthy();
    await expect(invite(owner, form)).rejects.toThrow('уже принято');
  });

  test('a wrong, used, revoked or old code opens nothing; the owner accepts nothing from themselves', async () => {
    await expect(acceptShare(context, helper, 'AAAA-BBBB-CCCC')).rejects.toThrow(NotFound);
    const {
      code,
      shareIds: [shareId],
    } = await invite(owner);
    await expect(acceptShare(context, owner, code!)).rejects.toThrow(Conflict);
    await acceptShare(context, helper, code!.toLowerCase().replaceAll('-', ' '));
    await expect(acceptShare(context, await person('Вера'), code!)).rejects.toThrow(NotFound);
    await expect(acceptShare(context, helper, (await invite(owner)).code!)).rejects.toThrow(Conflict);
    const second = await invite(owner);
    await revokeShare(context, owner, second.shareIds[0]!);
    await expect(readOffer(context, await person('Вера'), second.code!)).rejects.toThrow(NotFound);
    const third = await invite(owner);
    await sql`update share_code set expires_at = ${context.now} where share_id = ${third.shareIds[0]!}`.execute(
      context.db,
    );
    await expect(readOffer(context, await person('Вера'), third.code!)).rejects.toThrow(NotFound);
    expect(
      (await selectShares(context.db, owner.personId, linkId)).find((one) => one.share_id === shareId)?.state,
    ).toBe('accepted');
  });

  test('two who accept one code at once: one of them has it', async () => {
    const { code } = await invite(owner);
    const people = [helper, await person('Вера'), await person('Нина')];
    const answers = await Promise.allSettled(people.map((one) => acceptShare(context, one, code!)));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('tells both, and the helper sees whose, until when and what for, without the numbers that connect', async () => {
    await share(['readings'], '2026-12-31');
    expect((await selectShares(context.db, owner.personId, linkId))[0]!.helper_name).toMatch(
      / \(имя не подтверждено\)$/,
    );
    expect(await letters(owner.personId)).toEqual(['Ваше приглашение приняли']);
    expect(await letters(helper.personId)).toEqual(['Вам открыт доступ к лицевому счёту']);
    const [link] = await describeLinks(context.db, helper.personId, context.clock());
    expect(link).toMatchObject({
      state: 'shared',
      sharedBy: 'Мария Д., до 31.12.2026, смотреть и передавать показания',
      els: '',
      serviceId: '',
    });
  });
});

describe('several accounts by one invitation', () => {
  let both: LinkId[];
  beforeEach(async () => {
    const [account] = await connectedAccounts(context.db, owner.personId);
    const { houseId, providerId } = account!;
    const accountId = await buildAccount(context, { houseId, providerId, number: `ВТОРОЙ-${newId().slice(-8)}` });
    await buildLink(context, { personId: owner.personId, houseId, accountId, providerId });
    both = (await connectedAccounts(context.db, owner.personId)).map((one) => one.linkId);
    expect(both).toHaveLength(2);
  });
  const live = async () =>
    (await Promise.all(both.map((one) => selectShares(context.db, owner.personId, one))))
      .flat()
      .filter(({ state }) => state === 'invited' || state === 'accepted').length;

  test('are the owner’s own, all of them, or nothing is offered', async () => {
    const strange = await person('Вера');
    await expect(invite(owner, { linkIds: [...both, newId<LinkId>()] })).rejects.toThrow(NotFound);
    await expect(invite(strange, { linkIds: both })).rejects.toThrow(NotFound);
    expect(await live()).toBe(0);
  });

  test('one code opens all of them, with one letter to each; closed together or one by one', async () => {
    const { code, shareIds } = await invite(owner, { linkIds: both });
    expect(await readOffer(context, helper, code!)).toMatchObject({ accounts: 2, addresses: [expect.any(String)] });
    expect(await acceptShare(context, helper, code!)).toHaveLength(2);
    expect(await usable('readings')).toHaveLength(2);
    expect([await letters(owner.personId), await letters(helper.personId)]).toEqual([
      ['Ваше приглашение приняли'],
      ['Вам открыт доступ к лицевым счетам'],
    ]);
    await expect(revokeShare(context, helper, shareIds[0]!, { whole: true })).rejects.toThrow(NotFound);
    await revokeShare(context, owner, shareIds[0]!);
    expect((await usable('see')).map(({ linkId: one }) => one)).toHaveLength(1);
    const again = await invite(owner, { linkIds: both.slice(0, 1) });
    await acceptShare(context, helper, again.code!);
    await revokeShare(context, owner, shareIds[0]!, { whole: true });
    // What another invitation has opened stays open.
    expect(await usable('see')).toHaveLength(1);
    await expect(revokeShare(context, owner, shareIds[0]!, { whole: true })).rejects.toThrow(Conflict);
    expect((await letters(helper.personId)).filter((subject) => subject.endsWith('закрыт'))).toHaveLength(2);
  });

  test('closed together, both are told once', async () => {
    const { code, shareIds } = await invite(owner, { linkIds: both });
    await acceptShare(context, helper, code!);
    await revokeShare(context, owner, shareIds[1]!, { whole: true });
    expect([await usable('see'), await live()]).toEqual([[], 0]);
    for (const who of [owner, helper])
      expect((await letters(who.personId)).filter((subject) => subject.endsWith('закрыт'))).toHaveLength(1);
  });

  test('an account that is disconnected meanwhile, or is the helper’s own, is left out; the rest opens', async () => {
    const [first, second] = await connectedAccounts(context.db, owner.personId);
    const gone = await invite(owner, { linkIds: both });
    await disconnectAccount(context, owner, both[0]!);
    expect(await acceptShare(context, helper, gone.code!)).toHaveLength(1);
    expect(await usable('see')).toMatchObject([{ accountId: second!.accountId }]);
    const another = await person('Вера');
    const { houseId, accountId, providerId } = second!;
    await buildLink(context, { personId: another.personId, houseId, accountId, providerId });
    const own = await invite(owner, { linkIds: [both[1]!] });
    await expect(acceptShare(context, another, own.code!)).rejects.toThrow('уже подключён');
    expect(await live()).toBe(2);
    expect(first!.linkId).toBe(both[0]);
  });

  test('end each with its own day; taken by one person, whoever presses first', async () => {
    const { code } = await invite(owner, { linkIds: both, until: day('2026-11-12') });
    const answers = await Promise.allSettled(
      [helper, await person('Вера')].map((one) => acceptShare(context, one, code!)),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const later = { ...context, clock: () => new Date('2026-11-13T00:00:00Z') };
    // In a zone further west the day is not over yet.
    const west = new Date('2026-11-13T04:00:00Z');
    const inWest = { ends_at: west };
    await context.db.updateTable('account_share').set(inWest).where('link_id', '=', both[1]!).execute();
    await sql`update account_link set ends_at = ${west} where state = 'shared' and share_id in
      (select share_id from account_share where link_id = ${both[1]!})`.execute(context.db);
    await endOverdueShares.run(later, context.log);
    expect(await live()).toBe(1);
    await endOverdueShares.run({ ...context, clock: () => west }, context.log);
    expect(await live()).toBe(0);
    expect((await letters(owner.personId)).filter((subject) => subject.endsWith('закрыт'))).toHaveLength(2);
  });

  test('count once against the invitations of the day', async () => {
    for (let made = 0; made < 20; made += 1) {
      const { shareIds } = await invite(owner, { linkIds: both });
      await revokeShare(context, owner, shareIds[0]!, { whole: true });
    }
    await expect(invite(owner, { linkIds: both })).rejects.toThrow(TooMany);
  });
});

describe('what a share gives', () => {
  test('the rights that were given and no other; nothing that is for owners', async () => {
    await share(['readings']);
    expect(await usable('see')).toHaveLength(1);
    expect(await usable('readings')).toHaveLength(1);
    expect(await usable('pay')).toEqual([]);
    expect(await connectedAccounts(context.db, helper.personId)).toEqual([]);
  });

  test('a reading with the right alone; the owner reads of it once a day', async () => {
    await share([]);
    await expect(send('60')).rejects.toThrow(NotFound);
    await revokeShare(context, owner, (await selectShares(context.db, owner.personId, linkId))[0]!.share_id);
    await share(['readings']);
    await send('60');
    await send('61');
    const uses = await selectUses(context.db, owner.personId, linkId, null, 10);
    expect(uses).toMatchObject([{ kind: 'reading', what: '61', times: 2, thingId: world.hot }]);
    await send('62', owner);
    expect(await selectUses(context.db, owner.personId, linkId, null, 10)).toHaveLength(1);
  });
});

describe('the end of a share', () => {
  test('revoked by the owner alone, at the next request, with a word to both', async () => {
    const { shareId } = await share();
    await expect(revokeShare(context, helper, shareId)).rejects.toThrow(NotFound);
    await revokeShare(context, owner, shareId);
    await expect(revokeShare(context, owner, shareId)).rejects.toThrow(Conflict);
    expect(await usable('see')).toEqual([]);
    await expect(send('60')).rejects.toThrow(NotFound);
    expect(await describeLinks(context.db, helper.personId)).toEqual([]);
    expect((await letters(helper.personId)).at(-1)).toBe('Доступ к лицевому счёту закрыт');
    expect((await letters(owner.personId)).at(-1)).toBe('Доступ к лицевому счёту закрыт');
  });

  test('given back by the helper', async () => {
    const { helperLink, shareId } = await share();
    await disconnectAccount(context, helper, helperLink);
    expect(await usable('see')).toEqual([]);
    expect(
      (await selectShares(context.db, owner.personId, linkId)).find((one) => one.share_id === shareId)?.state,
    ).toBe('declined');
  });

  test('with its last day, before any job has moved it', async () => {
    await share(['readings'], '2026-11-12');
    expect(await usable('see', new Date('2026-11-12T20:59:00Z'))).toHaveLength(1);
    expect(await usable('see', new Date('2026-11-12T21:00:00Z'))).toEqual([]);
    const later = { ...context, clock: () => new Date('2026-11-13T00:00:00Z') };
    expect(await describeLinks(context.db, helper.personId, later.clock())).toEqual([]);
    await endOverdueShares.run(later, context.log);
    expect((await selectShares(context.db, owner.personId, linkId))[0]?.state).toBe('ended');
    expect((await letters(helper.personId)).at(-1)).toBe('Доступ к лицевому счёту закрыт');
  });

  test('with the owner’s own connection; a share that was not accepted goes too', async () => {
    await share();
    const open = await invite(owner);
    await disconnectAccount(context, owner, linkId);
    expect(await usable('see')).toEqual([]);
    await expect(acceptShare(context, await person('Вера'), open.code!)).rejects.toThrow(NotFound);
  });

  test('with a claim of the helper that the organisation approves: the account is theirs once', async () => {
    const { shareId } = await share(['readings', 'pay']);
    const claimant = asActor(helper.personId);
    const at = context.clock();
    const [claimId, pending] = [newId<ClaimId>(), newId<LinkId>()];
    const account = (await connectedAccounts(context.db, owner.personId))[0]!;
    const { houseId, accountId, providerId } = account;
    const of = { personId: claimant.personId, linkId: pending, houseId, accountId, claimId, at };
    await insertLink(context.db, { ...of, providerId, state: 'pending', title: '', proof: 'claim' });
    await insertClaim(context.db, {
      ...{ ...of, organisationId: providerId, claimantName: 'Дроздова', message: '', dueOn: '2026-11-17' },
    });
    const clerk = { ...asActor(newId<PersonId>()), acting: actingOf(providerId) };
    await decideClaim(context, clerk, claimId, { approve: true, reason: null });
    expect(await usable('see')).toMatchObject([{ linkId: pending, share: null }]);
    expect(
      (await selectShares(context.db, owner.personId, linkId)).find((one) => one.share_id === shareId)?.state,
    ).toBe('declined');
  });

  test('revoked and used at once: a reading is either in the log or not taken', async () => {
    const { shareId } = await share();
    const [, sent] = await Promise.allSettled([revokeShare(context, owner, shareId), send('60')]);
    const uses = await selectUses(context.db, owner.personId, linkId, null, 10);
    expect(uses).toHaveLength(sent.status === 'fulfilled' ? 1 : 0);
    await expect(send('61')).rejects.toThrow(NotFound);
  });
});
