import { beforeAll, describe, expect, test } from 'vitest';
import { buildAppeal, createAppealContext, receivePdf } from '../../../tests/support/appeals.ts';
import type { TestContext } from '../../../tests/support/context.ts';
import {
  actorOf,
  buildAccount,
  buildBill,
  buildHouse,
  buildLink,
  buildOrganisation,
  buildPerson,
} from '../../../tests/support/rows.ts';
import type { SignedIn } from '../../platform/access.ts';
import { Conflict, Forbidden, Invalid, NotFound, TooMany } from '../../platform/errors.ts';
import {
  type DraftId,
  type FileId,
  type HouseId,
  newId,
  type OrganisationId,
  type PersonId,
} from '../../platform/ids.ts';
import { loadRegions } from '../classifiers/index.ts';
import { readHouse } from '../houses/index.ts';
import { insertPower } from '../organisations/index.ts';
import { beginDraft } from './begin-draft.ts';
import { addFiles, removeFile } from './change-files.ts';
import { cleanLine, cleanText } from './clean-text.ts';
import { type DraftContent, EMPTY_DRAFT, StaleDraft, type TypedFields } from './draft.ts';
import { EVERYDAY_WORDS } from './everyday-words.ts';
import { offerAddressees, searchAddressees } from './find-addressees.ts';
import { findHousePlace } from './find-place.ts';
import { findSimilar } from './find-similar.ts';
import { joinAppeal } from './join-appeal.ts';
import { listTopics, searchTopics } from './list-topics.ts';
import { selectAppealByNumber, selectAppealWhole } from './queries/read-appeals.ts';
import { aboutQuery } from './ready-texts.ts';
import { changeDraft, chooseAddressee, deleteDraft, readDraft, saveDraft } from './save-draft.ts';
import { sendAppeal } from './send-appeal.ts';
import { topicOf } from './topics.ts';

let context: TestContext;
let houseId: HouseId;
let manager: OrganisationId;
let supplier: OrganisationId;
let inspectorate: OrganisationId;

beforeAll(async () => {
  context = await createAppealContext();
  await loadRegions(context.db);
  manager = await buildOrganisation(context, { short_name: 'ООО «Двор»', dispatcher_phone: '+74950000001' });
  supplier = await buildOrganisation(context, { short_name: 'АО «Тепло»' });
  inspectorate = await buildOrganisation(context, {
    short_name: 'Инспекция',
    full_name: 'Государственное казённое учреждение «Инспекция»',
  });
  await insertPower(context.db, manager, '1', '77');
  await insertPower(context.db, supplier, '2', '77');
  await insertPower(context.db, inspectorate, '4', '77');
  houseId = await buildHouse(context, { managerId: manager, oktmo: '45350000' });
  await buildAccount(context, { houseId, providerId: manager, kind: 'uo' });
  await buildAccount(context, { houseId, providerId: supplier, kind: 'rso' });
});

const typed = (given: Partial<TypedFields> = {}): TypedFields => ({
  flat: '12',
  ownTopic: '',
  email: '',
  phone: '',
  answerEmail: 'anna@example.test',
  text: 'Двор не убирают.',
  ...given,
});

async function author(): Promise<SignedIn> {
  return actorOf(await buildPerson(context));
}

const placeOf = async (house: HouseId): Promise<Partial<DraftContent>> => ({
  ...(await findHousePlace(context.db, (await readHouse(context.db, house))!.fiasGuid)),
  municipality: 'Бибирево',
});

/** A saved draft that lacks nothing. */
async function fullDraft(actor: SignedIn, given: Partial<DraftContent> = {}, fields: Partial<TypedFields> = {}) {
  const draftId = newId<DraftId>();
  const begun = { ...EMPTY_DRAFT, ...(await placeOf(houseId)), topicCode: '1.3', ...given };
  const draft = await saveDraft(context, actor, { draftId, version: 0, typed: typed(fields), begun });
  return { draftId, version: draft.version, draft };
}

const send = (actor: SignedIn, { draftId, version }: { draftId: DraftId; version: number }, key = newId<never>()) =>
  sendAppeal(context, actor, { draftId, version, key });

const fieldsOf = async (work: Promise<unknown>): Promise<string[]> => {
  const error = await work.then(
    () => null,
    (cause: unknown) => cause,
  );
  expect(error).toBeInstanceOf(Invalid);
  return (error as Invalid).fields.map(({ field }) => field);
};

describe('a draft', () => {
  test('is not for who is not confirmed', async () => {
    const actor = actorOf(await buildPerson(context, { confirmed: false }), { confirmed: false });
    await expect(fullDraft(actor)).rejects.toThrow(Forbidden);
  });

  test('of another person is not there: to read, change, save, send or delete', async () => {
    const { draftId, version } = await fullDraft(await author());
    const other = await author();
    await expect(readDraft(context, other.personId, draftId)).rejects.toThrow(NotFound);
    await expect(changeDraft(context, other, draftId, () => ({ topicCode: '4' }))).rejects.toThrow(NotFound);
    const stolen = { draftId, version, typed: typed({ text: 'чужое' }), begun: EMPTY_DRAFT };
    await expect(saveDraft(context, other, stolen)).rejects.toThrow(NotFound);
    await expect(send(other, { draftId, version })).rejects.toThrow(NotFound);
    await expect(deleteDraft(context, other, draftId)).rejects.toThrow(NotFound);
    await expect(removeFile(context, other, draftId, newId<FileId>())).rejects.toThrow(NotFound);
  });

  test('older than what is saved is refused with what is saved, and nothing is overwritten', async () => {
    const actor = await author();
    const { draftId } = await fullDraft(actor);
    const save = (version: number, text: string) =>
      saveDraft(context, actor, { draftId, version, typed: typed({ text }), begun: EMPTY_DRAFT });
    const second = await save(1, 'второй');
    const stale = await save(1, 'третий').catch((error: unknown) => error);
    expect(stale).toBeInstanceOf(StaleDraft);
    expect((stale as StaleDraft).saved.text).toBe('второй');
    expect((await readDraft(context, actor.personId, draftId)).draft).toMatchObject({ text: 'второй', version: 2 });
    // The same words again are no conflict: an answer that was lost, a second click.
    expect((await save(1, 'второй')).version).toBe(second.version);
    expect((await save(2, 'второй')).version).toBe(2);
  });

  test('two first savings at once keep one draft, and tell the one that differs', async () => {
    const actor = await author();
    const draftId = newId<DraftId>();
    const outcomes = await Promise.allSettled(
      ['один', 'другой'].map((text) =>
        saveDraft(context, actor, { draftId, version: 0, typed: typed({ text }), begun: EMPTY_DRAFT }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(
      await context.db.selectFrom('appeal_draft').select('draft_id').where('draft_id', '=', draftId).execute(),
    ).toHaveLength(1);
  });

  test('is kept however long or odd the words are, up to what a person can have typed', async () => {
    const actor = await author();
    await expect(fullDraft(actor, {}, { text: 'я'.repeat(40_001) })).rejects.toThrow(Invalid);
    const { draftId, version } = await fullDraft(actor, {}, { text: 'я'.repeat(10_001) });
    expect(await fieldsOf(send(actor, { draftId, version }))).toEqual(['text']);
  });

  test('more than the operator allows at once is refused', async () => {
    const actor = await author();
    for (let count = 0; count < 50; count += 1) await fullDraft(actor);
    await expect(fullDraft(actor)).rejects.toThrow(TooMany);
  });

  test('follows the place and the topic with its addressee until the author chooses one', async () => {
    const actor = await author();
    const { draftId, draft } = await fullDraft(actor);
    expect(draft).toMatchObject({ addresseeId: manager, addresseePower: '1', addresseeChosen: false });
    await changeDraft(context, actor, draftId, () => ({ topicCode: '8.7' }));
    const read = async () => (await readDraft(context, actor.personId, draftId)).draft;
    expect(await read()).toMatchObject({ addresseeId: inspectorate, addresseePower: '4' });
    await chooseAddressee(context, actor, draftId, { organisationId: supplier, powerCode: '2' });
    await changeDraft(context, actor, draftId, () => ({ topicCode: '1.3' }));
    expect(await read()).toMatchObject({ addresseeId: supplier, addresseeChosen: true });
    // In another house the supplier charges nobody.
    const elsewhere = await buildHouse(context, { managerId: manager, oktmo: '45350000' });
    const place = await placeOf(elsewhere);
    await changeDraft(context, actor, draftId, () => place);
    expect(await read()).toMatchObject({ addresseeId: manager, addresseeChosen: false });
  });
});

describe('sending', () => {
  test('names everything that is missing at once, in the order of the form', async () => {
    const actor = await author();
    const draftId = newId<DraftId>();
    const empty = typed({ answerEmail: 'не почта', email: 'a@', phone: '12', text: '' });
    await saveDraft(context, actor, { draftId, version: 0, typed: empty, begun: EMPTY_DRAFT });
    expect(await fieldsOf(send(actor, { draftId, version: 1 }))).toEqual([
      ...['email', 'phone', 'answerEmail', 'address', 'municipality', 'topic', 'addressee', 'text'],
    ]);
    const { draftId: other, version } = await fullDraft(actor, { topicCode: '4' });
    expect(await fieldsOf(send(actor, { draftId: other, version }))).toEqual(['ownTopic']);
  });

  test('a draft that has changed since it was confirmed is refused', async () => {
    const actor = await author();
    const { draftId } = await fullDraft(actor);
    await changeDraft(context, actor, draftId, () => ({ topicCode: '1.6' }));
    await expect(send(actor, { draftId, version: 1 })).rejects.toThrow(StaleDraft);
  });

  test('files that were found infected keep the appeal back; without them it goes with the others', async () => {
    const actor = await author();
    const { draftId } = await fullDraft(actor);
    const file = await receivePdf(context);
    await addFiles(context, actor, draftId, [file], 'акт осмотра');
    await context.db
      .updateTable('stored_file')
      .set({ verdict: 'infected', judged_at: context.now, threat: 'Test' })
      .where('file_id', '=', file.fileId)
      .execute();
    expect(await fieldsOf(send(actor, { draftId, version: 2 }))).toEqual(['files']);
    await removeFile(context, actor, draftId, file.fileId);
    const clean = await receivePdf(context, '../../акт\u202efdp.exe');
    await addFiles(context, actor, draftId, [clean], '');
    const sent = await send(actor, { draftId, version: 4 });
    const { files } = (await selectAppealWhole(context.db, sent))!;
    expect(files).toMatchObject([{ fileId: clean.fileId, sizeBytes: clean.sizeBytes }]);
    expect(files[0]!.name).not.toMatch(/[\\/\u202e]/);
  });

  test('makes an appeal with a number, a term, a history, a letter and rows for all sides; the draft is gone', async () => {
    const actor = await author();
    const { draftId, version } = await fullDraft(actor);
    const sent = await send(actor, { draftId, version });
    expect(sent.number).toMatch(/^77-26-\d{6}$/);
    expect(await selectAppealByNumber(context.db, sent.number)).toEqual({ houseId, appealId: sent.appealId });
    const whole = (await selectAppealWhole(context.db, sent))!;
    expect(whole.appeal).toMatchObject({
      state: 'sent',
      familyName: 'Петрова',
      topicName: 'Ненадлежащее санитарное состояние дворовых территорий',
      flat: '12',
      oktmo: '45350000',
    });
    expect(whole.parts).toMatchObject([
      { organisationId: manager, powerCode: '1', state: 'received', dueOn: '2026-11-24' },
    ]);
    expect(whole.events.map(({ kind }) => kind)).toEqual(['sent']);
    const letters = await context.db
      .selectFrom('mail_message')
      .selectAll()
      .where('person_id', '=', actor.personId)
      .execute();
    expect(letters).toHaveLength(1);
    expect(letters[0]).toMatchObject({
      recipient: 'anna@example.test',
      subject: `Обращение № ${sent.number} отправлено`,
    });
    expect(letters[0]!.body).toMatch(/не позднее 24\sноября 2026/);
    await expect(readDraft(context, actor.personId, draftId)).rejects.toThrow(NotFound);
    // Nor does a page that was left open begin it anew.
    const left = { draftId, version: 0, typed: typed({ text: 'снова' }), begun: EMPTY_DRAFT };
    await expect(saveDraft(context, actor, left)).rejects.toThrow(NotFound);
    const own = await context.db.selectFrom('own_appeal').selectAll().where('person_id', '=', actor.personId).execute();
    expect(own).toMatchObject([{ number: sent.number, role: 'author', state: 'sent' }]);
  });

  test('ten presses of «Да» at once send once; another window gets the same appeal', async () => {
    const actor = await author();
    const draft = await fullDraft(actor);
    const key = newId<never>();
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(actor, draft, key)));
    expect(new Set(answers.map(({ number }) => number)).size).toBe(1);
    expect((await send(actor, draft)).number).toBe(answers[0]!.number);
    const { count } = await context.db
      .selectFrom('mail_message')
      .select((select) => select.fn.countAll<bigint>().as('count'))
      .where('person_id', '=', actor.personId)
      .executeTakeFirstOrThrow();
    expect(count).toBe(1n);
  });

  test('no more a day than the operator allows, sent at once or one by one; the draft stays', async () => {
    const actor = await author();
    const drafts = [];
    for (let count = 0; count < 22; count += 1) drafts.push(await fullDraft(actor));
    const outcomes = await Promise.allSettled(drafts.map((draft) => send(actor, draft)));
    const refused = outcomes.filter((one): one is PromiseRejectedResult => one.status === 'rejected');
    expect(refused).toHaveLength(2);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(TooMany);
  }, 60_000);

  test('about a yard or a house we do not keep goes to the row of its municipality', async () => {
    const actor = await author();
    const territory = {
      fiasGuid: null,
      address: 'сквер у пруда',
      isTerritory: true,
      regionCode: '77',
      oktmo: '45351000',
      municipality: 'Алтуфьевский',
    };
    const unknown = {
      ...territory,
      fiasGuid: newId<never>() as string,
      address: 'ул. Новая, д. 1',
      isTerritory: false,
    };
    const [first, second] = [
      await fullDraft(actor, territory),
      await fullDraft(actor, { ...unknown, addresseeId: inspectorate, addresseePower: '4', addresseeChosen: true }),
    ];
    await chooseAddressee(context, actor, first.draftId, { organisationId: inspectorate, powerCode: '4' });
    const one = await send(actor, { draftId: first.draftId, version: 2 });
    const two = await send(actor, second);
    expect(two.houseId).toBe(one.houseId);
    expect((await selectAppealWhole(context.db, one))!.appeal).toMatchObject({
      fiasGuid: null,
      address: 'сквер у пруда',
    });
  });

  test('continues the author’s own appeal of the same house, and nobody else’s', async () => {
    const actor = await author();
    const first = await send(actor, await fullDraft(actor));
    const parent = `${first.houseId}.${first.appealId}`;
    await expect(beginDraft(context, await author(), aboutQuery.parse({ parent }))).rejects.toThrow(NotFound);
    const begun = await beginDraft(context, actor, aboutQuery.parse({ parent }));
    expect(begun.text).toContain(first.number);
    const sent = await send(actor, await fullDraft(actor, { ...begun, municipality: 'Бибирево' }));
    expect((await selectAppealWhole(context.db, sent))!.appeal).toMatchObject({
      parentId: first.appealId,
      relation: 'continuation',
    });
  });
});

describe('words', () => {
  const NAUGHTY = [
    "'; drop table appeal; --",
    '<script>alert(1)</script>',
    '{{7*7}}',
    'Ω≈ç√∫˜µ≤≥÷',
    '👩‍👩‍👧‍👦 🏳️‍🌈',
    'ﷺ',
    '%00%0d%0a',
    'NULL',
    '../../etc/passwd',
    'e\u0301'.repeat(50),
  ];
  test.each(NAUGHTY)('%s comes back as it was', async (text) => {
    const actor = await author();
    const sent = await send(actor, await fullDraft(actor, {}, { text, flat: text.slice(0, 100) }));
    expect((await selectAppealWhole(context.db, sent))!.appeal.text).toBe(text);
  });

  test('marks that turn the writing and control signs are taken out', () => {
    expect(cleanText('a\u202eb\u0000c\r\nd\u2028e\tf')).toBe('abc\nd\ne\tf');
    expect(cleanLine('  кв.\u00a0 1\n2\u2066 ')).toBe('кв. 1 2');
  });
});

describe('addressees', () => {
  const names = async (topicCode: string, fits = true) =>
    (await offerAddressees(context.db, await where(), topicCode))
      .filter((one) => one.fits === fits)
      .map((one) => one.shortName);
  const where = async () => {
    const { fiasGuid } = (await readHouse(context.db, houseId))!;
    return { fiasGuid, regionCode: '77', oktmo: '45350000' };
  };

  test('are offered by topic, each with a reason', async () => {
    expect((await names('1.3'))[0]).toBe('ООО «Двор»');
    expect((await names('8.7'))[0]).toBe('Инспекция');
    expect(await names('5.1')).toContain('ООО «Двор»');
    const offered = await offerAddressees(context.db, await where(), '1.3');
    expect(offered.every(({ why }) => why.length > 5)).toBe(true);
    expect(new Set(offered.map((one) => one.organisationId)).size).toBe(offered.length);
  });

  test('the provider of the service comes before the manager', async () => {
    const house = await buildHouse(context, { managerId: manager });
    const accountId = await buildAccount(context, { houseId: house, providerId: supplier, kind: 'rso' });
    await buildBill(context, { houseId: house, accountId, providerId: supplier, payable: 100 });
    const { fiasGuid } = (await readHouse(context.db, house))!;
    await context.db
      .updateTable('payment_document')
      .set({
        body: JSON.stringify({
          payer: {},
          totals: {},
          requisites: [],
          lines: [{ position: 1, group: 'communal', service: 'Отопление', serviceCode: '6' }],
        }) as never,
      })
      .where('house_id', '=', house)
      .execute();
    const [first] = await offerAddressees(context.db, { fiasGuid, regionCode: '77', oktmo: '' }, '2.1');
    expect(first).toMatchObject({ shortName: 'АО «Тепло»', why: 'Поставляет в дом: отопление', powerCode: '2' });
  });

  test('each criterion of the search narrows; without the check box only those of the place', async () => {
    const stranger = await buildOrganisation(context, {
      short_name: 'ООО «Чужак»',
      full_name: 'Общество с ограниченной ответственностью «Чужак»',
      inn: '9801000023',
    });
    await insertPower(context.db, stranger, '1', '78');
    const none = { name: '', inn: '', ogrn: '', powerCode: '', legalForm: '' };
    const find = async (criteria: Partial<typeof none>, everywhere: boolean) =>
      (
        await searchAddressees(
          context.db,
          { ...none, ...criteria },
          { ...(await where()), topicCode: '1.3', everywhere },
          { after: null, limit: 100 },
        )
      ).map(({ shortName }) => shortName);
    expect(await find({ name: 'чужак' }, false)).toEqual([]);
    expect(await find({ name: 'ЧУЖАК ооо' }, true)).toEqual(['ООО «Чужак»']);
    expect(await find({ inn: '9801000023' }, true)).toEqual(['ООО «Чужак»']);
    expect(await find({ powerCode: '4' }, true)).toEqual(['Инспекция']);
    expect(await find({ legalForm: 'gku' }, true)).toEqual(['Инспекция']);
    expect(await find({ legalForm: 'ooo', name: 'чужак' }, true)).toEqual(['ООО «Чужак»']);
    expect(await find({ ogrn: '1' }, true)).toEqual([]);
    expect(await find({}, false)).toEqual(['АО «Тепло»', 'Инспекция', 'ООО «Двор»']);
    expect(await find({ name: "%_\\'" }, true)).toEqual([]);
  });

  test('pages go on after the last row', async () => {
    const page = (after: { shortName: string; organisationId: OrganisationId } | null) =>
      searchAddressees(
        context.db,
        { name: '', inn: '', ogrn: '', powerCode: '', legalForm: '' },
        { fiasGuid: null, regionCode: '77', oktmo: '', topicCode: '', everywhere: true },
        { after, limit: 2 },
      );
    const first = await page(null);
    const second = await page(first.at(-1)!);
    expect(first).toHaveLength(2);
    expect(second.some((one) => first.some((other) => other.organisationId === one.organisationId))).toBe(false);
  });
});

describe('topics', () => {
  test('every topic in force has a reading, in the order of numbers', async () => {
    const groups = await listTopics(context.db);
    const codes = groups.flatMap((group) => [group.code, ...group.topics.map(({ code }) => code)]);
    expect(codes).toHaveLength(110);
    for (const code of codes) expect(topicOf(code).powers.length).toBeGreaterThan(0);
    expect(groups[0]!.topics.map(({ code }) => code).slice(8, 11)).toEqual(['1.9', '1.10', '1.11']);
  });

  test('are found by number and by words', async () => {
    const groups = await listTopics(context.db);
    const find = (number: string, name: string) =>
      searchTopics(groups, { number, name }).flatMap((group) => group.topics.map(({ code }) => code));
    expect(find('2.16', '')).toEqual(['2.16']);
    expect(find('', 'абракадабра')).toEqual([]);
    expect(find('', 'у нас нет')).toEqual([]);
    expect(find('', 'прорыв трубы')).toEqual(['2.16']);
    expect(find('6', '')).toEqual(['6.1', '6.2', '6.3', '6.4', '6.5']);
    expect(searchTopics(groups, { number: '4', name: '' }).map(({ code }) => code)).toEqual(['4']);
  });

  test.each([
    ['нет света в подъезде', '2.22'],
    ['холодно в квартире', '2.1'],
    ['Течёт труба', '2.16'],
    ['крыша течет', '2.7'],
    ['затопили соседи', '2.15'],
    ['ПОТОЛОК', '2.7'],
    ['сосульки', '2.23'],
  ])('are found as people call them: %s', async (name, code) => {
    const found = searchTopics(await listTopics(context.db), { number: '', name });
    expect(found.flatMap(({ topics }) => topics.map((topic) => topic.code))).toEqual([code]);
  });

  test('are found by the most of the words where none has all', async () => {
    const found = searchTopics(await listTopics(context.db), { number: '', name: 'третью неделю воняет, просто ужас' });
    expect(found.flatMap(({ topics }) => topics.map((topic) => topic.code))).toEqual(['2.4', '2.9']);
  });

  test('people have words for topics of the list only', async () => {
    const groups = await listTopics(context.db);
    const codes = groups.flatMap((group) => [group.code, ...group.topics.map(({ code }) => code)]);
    expect(Object.keys(EVERYDAY_WORDS).filter((code) => !codes.includes(code))).toEqual([]);
  });
});

describe('neighbours', () => {
  const neighbourIn = async (house: HouseId): Promise<SignedIn> => {
    const actor = await author();
    const accountId = await buildAccount(context, { houseId: house, providerId: manager });
    await buildLink(context, { personId: actor.personId, houseId: house, accountId, providerId: manager });
    return actor;
  };
  const similarFor = async (actor: SignedIn, topicCode: string) => {
    const { draft, draftId } = await fullDraft(actor, { topicCode });
    return { draftId, similar: await findSimilar(context, actor.personId, draft) };
  };

  test('see appeals of the house and the group of topics, and nothing of the author', async () => {
    const house = await buildHouse(context, { managerId: manager, oktmo: '45350000' });
    const place = await placeOf(house);
    const appeal = await buildAppeal(context, { houseId: house, topicCode: '1.6', text: 'Тайное слово' });
    const actor = await neighbourIn(house);
    const { draft } = await fullDraft(actor, { ...place, topicCode: '1.3' });
    const similar = await findSimilar(context, actor.personId, draft);
    expect(similar).toMatchObject([{ appealId: appeal.appealId, own: false, joined: 0, sameTopic: false }]);
    expect(JSON.stringify(similar)).not.toMatch(/Тайное|Петрова|anna@|author/);
    const { draft: other } = await fullDraft(actor, { ...place, topicCode: '2.5' });
    expect(await findSimilar(context, actor.personId, other)).toEqual([]);
    context.now = new Date(context.now.getTime() + 61 * 86_400_000);
    expect(await findSimilar(context, actor.personId, draft)).toEqual([]);
    context.now = new Date('2026-11-10T09:00:00Z');
  });

  test('join only what was offered, what is open, and not their own', async () => {
    const elsewhere = await buildAppeal(context, { topicCode: '5.1' });
    const own = await author();
    const sent = await send(own, await fullDraft(own, { topicCode: '5.1' }));
    const { draftId } = await similarFor(own, '5.1');
    await expect(joinAppeal(context, own, { ...sent, draftId })).rejects.toThrow(Conflict);
    const neighbour = await neighbourIn(houseId);
    const { draftId: theirs } = await similarFor(neighbour, '5.1');
    await expect(joinAppeal(context, neighbour, { ...elsewhere, draftId: theirs })).rejects.toThrow(NotFound);
    await expect(joinAppeal(context, neighbour, { ...sent, draftId })).rejects.toThrow(NotFound);
  });

  test('who has no account in the house is offered nothing of others and joins nothing', async () => {
    const own = await author();
    const sent = await send(own, await fullDraft(own, { topicCode: '5.2' }));
    const stranger = await author();
    const pending = await author();
    const accountId = await buildAccount(context, { houseId, providerId: manager });
    const link = { houseId, accountId, providerId: manager, state: 'pending' as const };
    await buildLink(context, { personId: pending.personId, ...link });
    for (const actor of [stranger, pending, await neighbourIn(await buildHouse(context, { managerId: manager }))]) {
      const { draftId, similar } = await similarFor(actor, '5.2');
      expect(similar).toEqual([]);
      await expect(joinAppeal(context, actor, { ...sent, draftId })).rejects.toThrow(NotFound);
    }
    // One's own earlier appeal is shown all the same.
    expect((await similarFor(own, '5.2')).similar).toMatchObject([{ own: true }]);
  });

  describe('of a yard, which nobody can be known to live in', () => {
    const YARD = { fiasGuid: null, isTerritory: true, address: 'двор между домами 3 и 5', oktmo: '45351000' };
    const sentAbout = async (topicCode: string) => {
      const own = await author();
      const to = { addresseeId: manager, addresseePower: '1', addresseeChosen: true };
      return send(own, await fullDraft(own, { ...YARD, topicCode, ...to }));
    };
    const offeredTo = async (actor: SignedIn, topicCode: string) => {
      const { draft, draftId } = await fullDraft(actor, { ...YARD, topicCode });
      return { draftId, similar: await findSimilar(context, actor.personId, draft) };
    };

    test('whoever types the same address is offered nothing, nor is who lives in another municipality', async () => {
      const sent = await sentAbout('1.3');
      const elsewhere = await neighbourIn(await buildHouse(context, { managerId: manager, oktmo: '45350000' }));
      for (const actor of [await author(), elsewhere]) {
        const { draftId, similar } = await offeredTo(actor, '1.3');
        expect(similar).toEqual([]);
        await expect(joinAppeal(context, actor, { ...sent, draftId })).rejects.toThrow(NotFound);
      }
    });

    test('who lives in the municipality joins what concerns the yard, and not a matter of somebody’s own', async () => {
      const home = await buildHouse(context, { managerId: manager, oktmo: '45351000101' });
      const neighbour = await neighbourIn(home);
      const bill = await sentAbout('3.2');
      const closed = await offeredTo(neighbour, '3.2');
      expect(closed.similar).toEqual([]);
      await expect(joinAppeal(context, neighbour, { ...bill, draftId: closed.draftId })).rejects.toThrow(NotFound);
      const sent = await sentAbout('1.5');
      const { draftId, similar } = await offeredTo(neighbour, '1.5');
      expect(similar.map(({ appealId }) => appealId)).toContain(sent.appealId);
      expect(await joinAppeal(context, neighbour, { ...sent, draftId })).toMatchObject({ number: sent.number });
    });
  });

  test('join once, however often they press; the addressee sees how many', async () => {
    const own = await author();
    const sent = await send(
      own,
      await fullDraft(own, { topicCode: '9.1', addresseeId: manager, addresseePower: '1', addresseeChosen: true }),
    );
    const neighbour = await neighbourIn(houseId);
    const { draftId } = await similarFor(neighbour, '9.1');
    await Promise.all(Array.from({ length: 5 }, () => joinAppeal(context, neighbour, { ...sent, draftId })));
    const whole = (await selectAppealWhole(context.db, sent))!;
    expect(whole.appeal.joined).toBe(1);
    expect(whole.joiners).toHaveLength(1);
    expect(whole.events.filter(({ kind }) => kind === 'joined')).toMatchObject([{ personName: '' }]);
    const rows = await context.db
      .selectFrom('own_appeal')
      .selectAll()
      .where('person_id', '=', neighbour.personId)
      .execute();
    expect(rows).toMatchObject([{ role: 'joined', number: sent.number }]);
  });
});

describe('ready texts', () => {
  const about = (actor: SignedIn, query: Record<string, string>) => beginDraft(context, actor, aboutQuery.parse(query));

  test('say what belongs to the person, and nothing of others', async () => {
    const personId: PersonId = await buildPerson(context);
    const actor = actorOf(personId);
    const accountId = await buildAccount(context, { houseId, providerId: manager, number: 'ЛС-ОБР-1' });
    await buildBill(context, { houseId, accountId, providerId: manager, payable: 512_345 });
    const { document_id: document } = await context.db
      .selectFrom('payment_document')
      .select('document_id')
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow();
    const charge = { about: 'charge', house: houseId, document, line: '1' };
    await expect(about(actor, charge)).rejects.toThrow(NotFound);
    await buildLink(context, { personId, houseId, accountId, providerId: manager });
    await expect(about(actor, { ...charge, document: ';env;' })).rejects.toThrow(NotFound);
    const disputed = await about(actor, charge);
    expect(disputed).toMatchObject({
      topicCode: '3.11',
      addresseeId: manager,
      addresseePower: '1',
      fiasGuid: (await readHouse(context.db, houseId))!.fiasGuid,
    });
    expect(disputed.text).toContain('«Содержание жилья»: 5\u202f123,45');
    expect(disputed.text).toContain('ЛС-ОБР-1');
    const { link_id: link } = await context.db
      .selectFrom('account_link')
      .select('link_id')
      .where('person_id', '=', personId)
      .executeTakeFirstOrThrow();
    expect(await about(actor, { about: 'bill', link, period: '2026-10' })).toMatchObject({
      topicCode: '10.2',
      addresseeId: manager,
    });
    expect((await about(actor, { about: 'reading', link, meter: '12345', resource: 'Холодная вода' })).text).toContain(
      '(холодная вода) № 12345',
    );
    await expect(about(await author(), { about: 'bill', link })).rejects.toThrow(NotFound);
    await expect(about(await author(), { about: 'reading', link })).rejects.toThrow(NotFound);
  });

  test('of an account that is not connected and of a house that is not there', async () => {
    const actor = await author();
    const connect = await about(actor, { about: 'connect', number: '77АВ000001', provider: manager });
    expect(connect).toMatchObject({ topicCode: 'Д.1', addresseeId: manager, addresseePower: '1' });
    expect(connect.text).toContain('№ 77АВ000001');
    expect(await about(actor, { about: 'house', address: 'ул. Новая, 5', region: '77' })).toMatchObject({
      topicCode: '10.1',
      address: 'ул. Новая, 5',
      regionCode: '77',
    });
    expect(await about(actor, { about: 'nonsense', house: 'x', line: '-1', number: '\u202e1' })).toMatchObject({
      topicCode: '',
      text: '',
    });
  });

  test('the only home of the person is the address', async () => {
    const personId = await buildPerson(context);
    const accountId = await buildAccount(context, { houseId, providerId: manager });
    await buildLink(context, { personId, houseId, accountId, providerId: manager });
    expect((await about(actorOf(personId), {})).fiasGuid).toBe((await readHouse(context.db, houseId))!.fiasGuid);
  });
});

test('files of a draft are limited together', async () => {
  const actor = await author();
  const { draftId } = await fullDraft(actor);
  const file = (sizeBytes: number) => ({
    fileId: newId<FileId>(),
    name: 'a.pdf',
    mediaType: 'application/pdf',
    sizeBytes,
    sha256: Buffer.alloc(32),
  });
  await addFiles(context, actor, draftId, [file(150 * 1_048_576)], '');
  expect(await fieldsOf(addFiles(context, actor, draftId, [file(51 * 1_048_576)], ''))).toEqual(['files']);
  expect(
    await fieldsOf(
      addFiles(
        context,
        actor,
        draftId,
        Array.from({ length: 30 }, () => file(1)),
        '',
      ),
    ),
  ).toEqual(['files']);
  const { files } = await readDraft(context, actor.personId, draftId);
  await removeFile(context, actor, draftId, files[0]!.fileId);
  expect((await readDraft(context, actor.personId, draftId)).files).toEqual([]);
});
