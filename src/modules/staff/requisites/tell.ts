import type { Transaction } from '../../../platform/database/database.ts';
import type { OrganisationId, PersonId } from '../../../platform/ids.ts';
import { fullName, listPeople, readPerson } from '../../identity/index.ts';
import { sendNotice } from '../../notices/index.ts';
import { listMoneyKeepers, readOrganisation } from '../../organisations/index.ts';
import { type BankSet, type RequisiteChange, selectHeads } from '../queries/requisites.ts';
import { todayAt } from '../staff.ts';
import type { Offered, Sender } from './offer-requisite.ts';
import { REQUISITES, REQUISITES_DESK } from './paths.ts';

const IF_NOT = 'Если вы об этом не знали, откажите и проверьте, кто работает от имени организации.';

const factsOf = (organisation: string, set: BankSet, who: string) => [
  { name: 'Организация', value: organisation },
  { name: 'Расчётный счёт', value: set.bankAccount },
  { name: 'БИК', value: set.bik },
  ...(set.bankName ? [{ name: 'Банк', value: set.bankName }] : []),
  ...(who ? [{ name: 'Кто попросил', value: who }] : []),
];

async function namesOf(trx: Transaction, organisationId: OrganisationId, personId: PersonId) {
  const card = await readOrganisation(trx, organisationId);
  const person = await readPerson(trx, personId);
  return { organisation: card!.short_name, who: person ? fullName(person) : '' };
}

/** To all heads: the first account of the organisation is there. */
export async function tellOfFirst(context: Sender, trx: Transaction, offered: Offered): Promise<void> {
  const { organisation, who } = await namesOf(trx, offered.organisationId, offered.by);
  for (const personId of await selectHeads(trx, offered.organisationId, todayAt(context.clock())))
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId,
      object: `first requisite ${offered.bik} ${offered.bankAccount}`,
      subject: 'Указан банковский счёт организации',
      content: {
        title: 'Указан банковский счёт организации',
        paragraphs: ['На него пойдут платежи жителей. Следующий счёт должен подтвердить второй человек.'],
        facts: factsOf(organisation, offered, who),
        action: { label: 'Банковские счета', url: `${context.config.PUBLIC_URL}${REQUISITES}` },
        after: [IF_NOT],
      },
    });
}

/** To all who may confirm, the heads among them; to the administrators where nobody else may. */
export async function tellOfAsked(
  context: Sender,
  trx: Transaction,
  change: Pick<RequisiteChange, 'organisationId' | 'changeId' | 'askedBy'> & BankSet,
): Promise<void> {
  const { organisation, who } = await namesOf(trx, change.organisationId, change.askedBy);
  const confirmers = await listMoneyKeepers(trx, change.organisationId, todayAt(context.clock()));
  const isLonely = confirmers.every((one) => one === change.askedBy);
  const { OIDC_ISSUER, ADMINISTRATORS, PUBLIC_URL } = context.config;
  const administrators = isLonely ? await listPeople(trx, OIDC_ISSUER, ADMINISTRATORS) : [];
  const told = [
    ...confirmers.map((personId) => ({ personId, path: REQUISITES })),
    ...administrators.map(({ personId }) => ({ personId, path: REQUISITES_DESK })),
  ];
  for (const { personId, path } of told)
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId,
      object: `requisite ${change.changeId} asked`,
      subject: 'Новый банковский счёт ждёт подтверждения',
      content: {
        title: 'Новый банковский счёт ждёт подтверждения',
        paragraphs: ['Пока его не подтвердит второй человек, платежи на него не пойдут.'],
        facts: factsOf(organisation, change, who),
        action: { label: 'Посмотреть', url: `${PUBLIC_URL}${path}` },
        after: [IF_NOT],
      },
    });
}

/** To the heads and to whoever asked: what was decided. */
export async function tellOfDecided(
  context: Sender,
  trx: Transaction,
  change: RequisiteChange,
  { by, reason }: { by: PersonId; reason: string | null },
): Promise<void> {
  const { organisation } = await namesOf(trx, change.organisationId, change.askedBy);
  const decider = await readPerson(trx, by);
  const heads = await selectHeads(trx, change.organisationId, todayAt(context.clock()));
  for (const personId of new Set([...heads, change.askedBy]))
    await sendNotice(context, trx, {
      kind: 'organisation',
      personId,
      object: `requisite ${change.changeId} decided`,
      subject: reason === null ? 'Банковские реквизиты изменены' : 'В новом банковском счёте отказано',
      content: {
        title: reason === null ? 'Банковские реквизиты изменены' : 'В новом банковском счёте отказано',
        paragraphs:
          reason === null
            ? [
                'Новый счёт подтверждён: в квитанциях и платежах можно его указывать. Жители видят, что реквизиты изменились.',
              ]
            : [`Причина: ${reason}`],
        facts: [
          ...factsOf(organisation, change, ''),
          ...(decider ? [{ name: 'Кто решил', value: fullName(decider) }] : []),
        ],
        action: { label: 'Банковские счета', url: `${context.config.PUBLIC_URL}${REQUISITES}` },
        after: reason === null ? [IF_NOT] : undefined,
      },
    });
}
