import type { OrganisationId as Org } from '../../src/platform/ids.ts';
import {
  type AccountId,
  type HouseId,
  type LinkId,
  newId,
  type OrganisationId,
  type PersonId,
  type PremisesId,
} from '../../src/platform/ids.ts';
import { buildAppeal } from '../support/appeals.ts';
import type { TestContext } from '../support/context.ts';
import { buildMeter } from '../support/meters.ts';
import {
  buildAccount,
  buildBill,
  buildHouse,
  buildOrganisation,
  buildPerson,
  buildProviderLine,
} from '../support/rows.ts';

/** One person's home with one of everything that an address can name: in one house, kept by one organisation. */
export interface Estate {
  organisationId: OrganisationId;
  houseId: HouseId;
  personId: PersonId;
  regionCode: string;
  /** By the name of the parameter in the address. */
  ids: Readonly<Record<string, string>>;
  /** Words that stand in no page but those of the person and of who keeps the house. */
  secrets: readonly string[];
}

let counter = 0;

/** Rows whose shape the tests of their own modules prove; here they only have to be somebody's. */
const insert = (context: TestContext, table: string, row: Record<string, unknown>) =>
  context.db
    .insertInto(table as 'person')
    .values(row as never)
    .execute();

export async function buildManagedHouse(
  context: TestContext,
  organisationId: OrganisationId,
  regionCode: string,
): Promise<HouseId> {
  const houseId = await buildHouse(context, { regionCode });
  await context.db
    .updateTable('house')
    .set({ manager_id: organisationId, managed_from: '2024-01-01' })
    .where('house_id', '=', houseId)
    .execute();
  await buildProviderLine(context, organisationId, houseId, 'ул. Лескова');
  await context.db.updateTable('organisation_house').set({ manages: true }).where('house_id', '=', houseId).execute();
  return houseId;
}

interface EstateGiven {
  organisationId: OrganisationId;
  houseId: HouseId;
  regionCode: string;
  /** An estate that was there before and is no more. */
  personId?: PersonId;
  removed?: boolean;
}

export async function buildEstate(context: TestContext, given: EstateGiven): Promise<Estate> {
  counter += 1;
  const { organisationId, houseId, regionCode, removed = false } = given;
  const at = context.clock();
  const tag = String(counter).padStart(3, '0');
  const family = `Сокровенная${'абвгдежз'[counter % 8]}${tag}`;
  const secrets = [family, `98755${tag}777`, `tayna${tag}@secret.test`, `+7944${tag}7777`];
  const personId = given.personId ?? (await buildPerson(context, { familyName: family, snils: secrets[1]! }));
  if (!given.personId)
    await context.db
      .updateTable('person')
      .set({ email: secrets[2]!, phone: secrets[3]! })
      .where('person_id', '=', personId)
      .execute();
  const home = await buildHome(context, { ...given, personId, family, snils: secrets[1]!, tag });
  const persons = await buildPersonal(context, personId, secrets[2]!, removed);
  const desks = await buildAtDesk(context, {
    organisationId,
    personId,
    tag,
    removed,
    home,
    email: secrets[2]!,
    family,
  });
  const appeal = await buildAppealOf(context, { organisationId, houseId, personId, regionCode, email: secrets[2]! });
  const ids = {
    organisationId,
    houseId,
    personId,
    ...home,
    ...persons,
    ...desks,
    ...appeal,
    kind: 'bills',
    action: 'verify',
  };
  if (removed) await remove(context, ids, at);
  return { organisationId, houseId, personId, regionCode, ids, secrets };
}

interface HomeGiven extends EstateGiven {
  personId: PersonId;
  family: string;
  snils: string;
  tag: string;
}

async function buildHome(context: TestContext, given: HomeGiven) {
  const { houseId, organisationId, personId, family, snils, tag } = given;
  const at = context.clock();
  const premisesId = newId<PremisesId>();
  await insert(context, 'premises', {
    house_id: houseId,
    premises_id: premisesId,
    category: 'residential',
    number: tag,
    updated_at: at,
    closed_on: given.removed ? '2026-01-01' : null,
  });
  const ownershipId = newId();
  await insert(context, 'ownership', {
    house_id: houseId,
    ownership_id: ownershipId,
    premises_id: premisesId,
    holder: 'person',
    family_name: family,
    given_name: 'Анна',
    snils,
    numerator: 1n,
    denominator: 1n,
    ended_on: given.removed ? '2026-01-01' : null,
    recorded_by: personId,
    updated_at: at,
  });
  const accountId = await buildAccount(context, { houseId, providerId: organisationId, premisesId });
  await context.db
    .updateTable('account')
    .set({
      family_name: family,
      given_name: 'Анна',
      snils,
      payer: 'person',
      closed_on: given.removed ? '2026-01-01' : null,
    })
    .where('account_id', '=', accountId)
    .execute();
  const linkId = newId<LinkId>();
  await insert(context, 'account_link', {
    person_id: personId,
    link_id: linkId,
    house_id: houseId,
    account_id: accountId,
    provider_id: organisationId,
    state: given.removed ? 'removed' : 'connected',
    title: '',
    proof: 'payer',
    created_at: at,
    changed_at: at,
    connected_at: at,
  });
  await buildBill(context, { houseId, accountId, providerId: organisationId, payable: 100_000 });
  const { document_id: documentId } = await context.db
    .selectFrom('payment_document')
    .select('document_id')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  const meterId = await buildMeter(context, {
    houseId,
    premisesId,
    accounts: [{ accountId, providerId: organisationId }],
    base: { on: '2024-01-10', t1: '1' },
  });
  const photoId = newId<never>() as string;
  await context.db
    .updateTable('reading')
    .set({ photo_id: photoId as never })
    .where('meter_id', '=', meterId)
    .execute();
  return { premisesId, ownershipId, accountId, linkId, documentId, meterId, photoId };
}

/** What hangs on the person alone. */
async function buildPersonal(context: TestContext, personId: PersonId, email: string, removed: boolean) {
  const at = context.clock();
  const ended = removed ? at : null;
  const ids = {
    sessionId: newId(),
    exportId: newId(),
    deviceId: newId(),
    orderId: newId(),
    paymentId: newId(),
    draftId: newId(),
    requestId: newId(),
    mailId: newId(),
    applicationId: newId(),
  };
  const later = new Date(at.getTime() + 30 * 24 * 3_600_000);
  await insert(context, 'session', {
    person_id: personId,
    session_id: ids.sessionId,
    secret_hash: Buffer.alloc(32),
    created_at: at,
    seen_at: at,
    expires_at: later,
    ended_at: ended,
    user_agent: '',
  });
  await insert(context, 'data_export', {
    person_id: personId,
    export_id: ids.exportId,
    state: removed ? 'gone' : 'failed',
    parts: 1,
    ordered_at: at,
    changed_at: at,
  });
  if (!removed)
    await insert(context, 'push_device', {
      person_id: personId,
      device_id: ids.deviceId,
      endpoint: `https://push.example.test/${ids.deviceId}`,
      p256dh: 'B',
      auth: 'a',
      server_key: 'k',
      label: 'Телефон',
      created_at: at,
    });
  const shopOwner = await buildOrganisation(context);
  await insert(context, 'payment_order', {
    person_id: personId,
    order_id: ids.orderId,
    total: 100n,
    mode: 'steps',
    created_at: at,
  });
  await insert(context, 'payment', {
    person_id: personId,
    payment_id: ids.paymentId,
    order_id: ids.orderId,
    position: 1,
    shop_owner_id: shopOwner as Org,
    shop_id: '1',
    amount: 100n,
    description: 'x',
    state: 'declined',
    idempotence_key: ids.paymentId,
    created_at: at,
    changed_at: at,
  });
  if (!removed)
    await insert(context, 'appeal_draft', {
      person_id: personId,
      draft_id: ids.draftId,
      created_at: at,
      updated_at: at,
    });
  await insert(context, 'support_request', {
    request_id: ids.requestId,
    number: ids.requestId,
    person_id: personId,
    name: 'Анна',
    email,
    kind_code: '12',
    subject: 'Вопрос',
    text: 'Вопрос',
    due_on: '2026-12-01',
    state: removed ? 'closed' : 'new',
    created_at: at,
    changed_at: at,
  });
  await insert(context, 'mail_message', {
    person_id: personId,
    mail_id: ids.mailId,
    recipient: email,
    subject: 'Письмо',
    body: 'Письмо',
    created_at: at,
    sent_at: ended,
  });
  await insert(context, 'organisation_application', {
    application_id: ids.applicationId,
    person_id: personId,
    ogrn: '1249800000010',
    kpp: ids.applicationId.slice(-9),
    card: JSON.stringify({}),
    powers: JSON.stringify([]),
    state: removed ? 'refused' : 'open',
    sent_at: at,
    ...(removed && { decided_at: at, decided_by: personId, reason: 'нет' }),
  });
  return ids;
}

interface AtDesk {
  organisationId: OrganisationId;
  personId: PersonId;
  tag: string;
  removed: boolean;
  email: string;
  family: string;
  home: { accountId: AccountId; linkId: LinkId };
}

/** What hangs on the organisation. */
async function buildAtDesk(context: TestContext, given: AtDesk & { home: { accountId: string } }) {
  const { organisationId, personId, tag, removed, home, email, family } = given;
  const at = context.clock();
  const gone = removed ? at : null;
  const day = '2026-12-01';
  const ids = {
    claimId: newId(),
    batchId: newId(),
    keyId: newId(),
    uploadId: newId(),
    employeeId: newId(),
    invitationId: newId(),
    changeId: newId(),
    templateId: newId(),
    questionId: newId(),
  };
  const of = { organisation_id: organisationId };
  const { house_id } = await context.db
    .selectFrom('account')
    .select('house_id')
    .where('account_id', '=', home.accountId)
    .executeTakeFirstOrThrow();
  await insert(context, 'letter_batch', {
    ...{ ...of, batch_id: ids.batchId, house_id, account_id: home.accountId, purpose: 'По просьбе жителя', letters: 1 },
    ...{ made_by: personId, ordered_at: at, changed_at: at, expires_at: new Date(day), state: 'ready' },
  });
  await insert(context, 'connection_claim', {
    ...of,
    claim_id: ids.claimId,
    person_id: personId,
    link_id: home.linkId,
    house_id,
    account_id: home.accountId,
    claimant_name: family,
    message: 'Это мой дом',
    state: removed ? 'withdrawn' : 'open',
    due_on: day,
    created_at: at,
  });
  await insert(context, 'api_key', {
    ...of,
    key_id: ids.keyId,
    name: `Ключ ${tag}`,
    secret_hash: Buffer.alloc(32),
    made_by: personId,
    made_at: at,
    revoked_at: gone,
  });
  await insert(context, 'upload', {
    ...of,
    upload_id: ids.uploadId,
    kind: 'bills',
    state: removed ? 'cancelled' : 'checked',
    file_id: newId(),
    file_name: 'счета.xlsx',
    uploaded_by: personId,
    created_at: at,
    changed_at: at,
    house_ids: [house_id],
  });
  const colleague = await buildPerson(context, { familyName: `Коллега${tag}` });
  await insert(context, 'employee', {
    ...of,
    employee_id: ids.employeeId,
    person_id: colleague,
    role: 'viewer',
    given_role: 'viewer',
    valid_from: '2020-01-01',
    ...(removed && { dismissed_at: at, dismissed_by: personId, dismissal: 'ушёл' }),
  });
  await insert(context, 'invitation', {
    ...of,
    invitation_id: ids.invitationId,
    secret_hash: Buffer.alloc(32, counter),
    email,
    family_name: family,
    given_name: 'Анна',
    role: 'viewer',
    invited_by: personId,
    invited_at: at,
    sent_at: at,
    expires_at: new Date(at.getTime() + 24 * 3_600_000),
    revoked_at: gone,
  });
  await insert(context, 'requisite_change', {
    ...of,
    change_id: ids.changeId,
    bik: '044525225',
    bank_account: `4070281043800006${tag}0`,
    state: removed ? 'withdrawn' : 'pending',
    asked_by: personId,
    asked_at: at,
    decided_at: gone,
    decided_by: removed ? personId : null,
  });
  if (!removed)
    await insert(context, 'answer_template', {
      ...of,
      template_id: ids.templateId,
      title: `Ответ ${tag}`,
      text: 'Ответ',
      changed_at: at,
    });
  await insert(context, 'payment_question', {
    ...of,
    question_id: ids.questionId,
    person_id: personId,
    payment_id: newId(),
    shop_id: '1',
    amount: 100n,
    reason: 'unknown',
    asked_at: at,
    ...(removed && { answered_at: at, answered_by: personId, answer: 'settled' }),
  });
  return ids;
}

async function buildAppealOf(
  context: TestContext,
  given: { organisationId: OrganisationId; houseId: HouseId; personId: PersonId; regionCode: string; email: string },
) {
  const { appealId, partId } = await buildAppeal(context, {
    houseId: given.houseId,
    authorId: given.personId,
    regionCode: given.regionCode,
    answerEmail: given.email,
    addressee: { organisationId: given.organisationId, powerCode: '1' },
  });
  const fileId = newId();
  await insert(context, 'appeal_file', {
    house_id: given.houseId,
    appeal_id: appealId,
    file_id: fileId,
    name: 'акт.pdf',
    media_type: 'application/pdf',
    size_bytes: 1n,
    position: 0,
  });
  return { appealId, partId, fileId };
}

/** What was said at the making is over; what has no state of its own is taken away. */
async function remove(context: TestContext, ids: Readonly<Record<string, string>>, at: Date) {
  await context.db
    .updateTable('meter')
    .set({ state: 'archived', archived_on: '2026-01-01', archive_reason: '1', updated_at: at } as never)
    .where('meter_id', '=', ids.meterId as never)
    .execute();
  await context.db
    .updateTable('appeal')
    .set({ state: 'withdrawn', changed_at: at })
    .where('appeal_id', '=', ids.appealId as never)
    .execute();
}
