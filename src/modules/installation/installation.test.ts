import { expect, test } from 'vitest';
import { createTestContext } from '../../../tests/support/context.ts';
import { buildOrganisation } from '../../../tests/support/rows.ts';
import { loadReference } from '../../cli/reference.ts';
import { type HouseId, newId } from '../../platform/ids.ts';
import { mailboxOf, sendMail } from '../../platform/mail/mail.ts';
import { noteMailTrouble } from '../../platform/mail/queries.ts';
import { placeHouse } from '../organisations/index.ts';
import { readInstallation } from './read-installation.ts';

const byTitle = async (context: Parameters<typeof readInstallation>[0]) =>
  new Map((await readInstallation(context)).map((point) => [point.title, point]));

test('an empty installation names each thing that is missing, and what to do about it', async () => {
  const points = await byTitle(await createTestContext());
  for (const title of ['Адреса', 'Правила', 'Ключевая ставка', 'Организации', 'Жилищная инспекция', 'Приём платежей']) {
    const point = points.get(title)!;
    expect(point.state, title).toBe('missing');
    expect(point.command ?? point.page, title).toBeDefined();
  }
  expect(points.get('Дома и лицевые счета')).toMatchObject({
    state: 'missing',
    words: expect.stringContaining('Домов'),
  });
  expect(points.get('Проверка вложений')!.state).toBe('missing');
  expect(points.get('Фоновые задания')!.words).toContain('Запустите worker');
  expect(points.get('Письма')!.state).toBe('good');
  expect(points.get('Хранилище файлов')!.state).toBe('good');
});

test('what was done is in order, what went wrong is said', async () => {
  const context = await createTestContext();
  await loadReference(context.db);
  const organisationId = await buildOrganisation(context);
  await placeHouse(context.db, { organisationId, houseId: newId<HouseId>(), address: 'д. 1', manages: true });
  const letter = {
    personId: mailboxOf(organisationId),
    recipient: 'nobody@example.test',
    subject: 'x',
    body: { title: 'x', paragraphs: ['x'] },
  };
  const mailId = await sendMail(context.db, letter, context.now);
  await noteMailTrouble(context.db, {
    personId: letter.personId,
    mailId: mailId!,
    refusal: '550',
    refusedAt: context.now,
  });
  const points = await byTitle(context);
  expect(points.get('Правила')!.state).toBe('good');
  expect(points.get('Организации')!.state).toBe('good');
  expect(points.get('Дома и лицевые счета')!.words).toContain('лицевых счетов нет');
  expect(points.get('Письма')).toMatchObject({ state: 'trouble', words: expect.stringContaining('отклонены: 1') });
});
