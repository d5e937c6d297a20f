import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadClassifiers, loadRegions } from '../../src/modules/classifiers/index.ts';
import type { Context } from '../../src/platform/context.ts';
import type { AppealId, HouseId, OrganisationId, PersonId } from '../../src/platform/ids.ts';
import { buildAccount, buildHouse, buildLink, buildOrganisation, buildPerson } from '../support/rows.ts';
import { hidden, Patient } from './patient.ts';
import { TIME_LIMIT_MS, World } from './world.ts';

const AUTHORS = 4;

let world: World;
let context: Context;
let houseId: HouseId;
let managerId: OrganisationId;

beforeAll(async () => {
  world = await World.open('appeal', {}, async (opened) => {
    context = opened.context;
    await loadClassifiers(context.db);
    await loadRegions(context.db);
    const unlimited = context.db.updateTable('dated_rule').set({ value: '10000' });
    await unlimited.where('key', '=', 'appeal.sent_per_day').execute();
    managerId = await buildOrganisation(context);
    houseId = await buildHouse(context, { managerId, oktmo: '45350000' });
  });
});
afterAll(() => world?.close());

interface Acknowledged {
  appealId: AppealId;
  text: string;
  sha256: string;
}

/** An author with one home, and the appeals that the site has said are sent. */
class Author extends Patient {
  readonly personId: PersonId;
  readonly acknowledged: Acknowledged[] = [];

  constructor(cookie: string, personId: PersonId) {
    super(world, personId, cookie);
    this.personId = personId;
  }

  /** One appeal with a file, its every request sent until it is answered, «Да» sometimes from two windows at once. */
  async send(isTwice: boolean): Promise<void> {
    const text = `Обращение ${this.acknowledged.length + 1}`;
    const page = await this.get('/appeals/new');
    const draft = /action="(\/appeals\/drafts\/[^"]+)"/.exec(page)![1]!;
    const token = { _token: hidden(page, '_token') };
    const typed = { version: '0', seal: hidden(page, 'seal'), text, answerEmail: 'anna@example.test' };
    await this.post(draft, { ...token, ...typed });
    await this.post(`${draft}/topic`, { ...token, topic: '1.6' });
    await this.post(`${draft}/municipality`, { ...token, region: '77', name: 'Бибирево' });
    const content = aPdf();
    await this.post(`${draft}/files`, () => {
      const body = new FormData();
      body.append('_token', token._token);
      body.append('files', new Blob([new Uint8Array(content)]), 'двор.pdf');
      return body;
    });
    const confirm = await this.get(`${draft}/confirm`);
    const form = { ...token, _key: hidden(confirm, '_key'), version: hidden(confirm, 'version') };
    const another = { ...form, _key: `${form._key}-another` };
    const answers = await Promise.all(
      (isTwice ? [form, another] : [form]).map((one) => this.post(`${draft}/send`, one)),
    );
    expect(new Set(answers).size, 'one draft, one appeal').toBe(1);
    const appealId = answers[0]!.split('/').at(-2) as AppealId;
    this.acknowledged.push({ appealId, text, sha256: createHash('sha256').update(content).digest('hex') });
  }
}

/** A PDF of its own, of some hundred kilobytes: long enough to be cut off in the middle. */
const aPdf = (): Buffer => {
  const filling = Array.from(
    { length: 4000 },
    () =>
      `%${Math.floor(world.random() * 2 ** 32)
        .toString(36)
        .padEnd(60, 'x')}`,
  );
  return Buffer.from(`%PDF-1.4\n1 0 obj\n<<>>\nendobj\n${filling.join('\n')}\ntrailer\n<<>>\n%%EOF\n`);
};

async function openAuthor(): Promise<Author> {
  const accountId = await buildAccount(context, { houseId, providerId: managerId });
  const personId = await buildPerson(context);
  await buildLink(context, { personId, houseId, accountId, providerId: managerId });
  return new Author(await world.cookieOf(personId), personId);
}

test(
  'whatever is killed when, an acknowledged appeal has its row, its files, its term and its one letter',
  async () => {
    const authors = await Promise.all(Array.from({ length: AUTHORS }, openAuthor));
    const strikes = {
      victims: ['web', 'web', 'worker', 'postgres'],
      troubles: ['database away', 'disk full', 'bad mail'],
    } as const;
    await world.during(strikes, (isOver) =>
      Promise.all(
        authors.map(async (author) => {
          for (let count = 0; !isOver() || count < 2; count += 1) await author.send(world.random() < 0.3);
        }),
      ),
    );
    const sent = authors.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0);
    console.log(`faults: ${sent} appeals`);
    expect(sent).toBeGreaterThan(AUTHORS);
    for (const author of authors) await checkTruth(author);
  },
  TIME_LIMIT_MS,
);

async function checkTruth({ personId, acknowledged }: Author): Promise<void> {
  const { db, files } = context;
  const appeals = await db.selectFrom('appeal').selectAll().where('author_id', '=', personId).execute();
  expect(appeals.map(({ appeal_id }) => appeal_id).sort(), 'these and no others').toEqual(
    acknowledged.map(({ appealId }) => appealId).sort(),
  );
  const letters = await db.selectFrom('mail_message').selectAll().where('person_id', '=', personId).execute();
  expect(letters).toHaveLength(acknowledged.length);
  const own = await db.selectFrom('own_appeal').selectAll().where('person_id', '=', personId).execute();
  expect(own).toHaveLength(acknowledged.length);
  for (const { appealId, text, sha256 } of acknowledged) {
    const appeal = appeals.find(({ appeal_id }) => appeal_id === appealId)!;
    expect(appeal.text).toBe(text);
    expect(letters.filter(({ body }) => body.includes(appeal.number))).toHaveLength(1);
    const parts = await db.selectFrom('appeal_part').selectAll().where('appeal_id', '=', appealId).execute();
    expect(parts).toHaveLength(1);
    expect(parts[0]!.due_on).not.toBeNull();
    const desk = await db.selectFrom('desk_appeal').selectAll().where('appeal_id', '=', appealId).execute();
    expect(desk).toMatchObject([{ organisation_id: managerId, number: appeal.number }]);
    const kept = await db.selectFrom('appeal_file').selectAll().where('appeal_id', '=', appealId).execute();
    // A sending of the file whose answer was lost is sent again: then it is there twice, never damaged and never lacking.
    expect(kept.length).toBeGreaterThan(0);
    for (const file of kept)
      expect(
        createHash('sha256')
          .update(await buffer(files.open(file.file_id)))
          .digest('hex'),
      ).toBe(sha256);
  }
}
