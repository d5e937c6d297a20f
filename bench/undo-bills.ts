/** Taking back an upload of bills, in a process of its own as the worker runs it; killed once on the way. */
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { exposeDocuments, findImbalances, type NewDocument } from '../src/modules/billing/index.ts';
import { type BuiltHouse, buildDocument, buildHouse } from '../src/modules/billing/test-rows.ts';
import { beginLook, selectUndo, updateUndo } from '../src/modules/uploads/queries/undo.ts';
import { insertUpload, selectUpload, updateUpload } from '../src/modules/uploads/queries/uploads.ts';
import { findScript, startProcess } from '../src/modules/uploads/run-apart.ts';
import type { UploadKey } from '../src/modules/uploads/upload.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { transaction } from '../src/platform/database/database.ts';
import { type FileId, newId, type OrganisationId, type PersonId, type UploadId } from '../src/platform/ids.ts';
import { createContext } from '../src/process.ts';
import { runStep } from './upload-steps.ts';

const ACCOUNTS = 200;
const LINES = 12;

export interface UndoneBills {
  lines: string[];
}

/** @param environment of a migrated database with reference data; half of the documents correct others, which stand again */
export async function benchUndoBills(environment: Record<string, string>, documents: number): Promise<UndoneBills> {
  const context = createContext(readConfig(environment), 'bench');
  try {
    const key = { organisationId: newId<OrganisationId>(), uploadId: newId<UploadId>() };
    const houses = await expose(context, key, Math.ceil(documents / ACCOUNTS));
    const person = newId<PersonId>();
    const bench = { context, ...key };
    await beginLook(context.db, key, person, new Date());
    const look = await runStep(bench, 'look');
    const before = await sums(context, houses[0]!);
    const { figures } = (await selectUndo(context.db, key))!;
    const decided = {
      state: 'undoing',
      reason: 'Загружен не тот файл',
      decided_by: person,
      decided_at: new Date(),
      houses_done: 0,
    } as const;
    if (!(await updateUndo(context.db, key, 'looked', decided, new Date()))) throw new Error('not looked into');
    const killedAfter = await killOnTheWay(context, key);
    const kept = JSON.stringify(await sums(context, houses[0]!)) === JSON.stringify(before);
    const undone = await runStep(bench, 'undo');
    const done = await selectUpload(context.db, key.organisationId, key.uploadId);
    if (done?.state !== 'undone' || !kept)
      throw new Error(`not taken back: ${done?.state}, kept after the kill: ${kept}`);
    for (const { houseId } of houses.slice(0, 5))
      if ((await findImbalances(context.db, houseId)).length > 0) throw new Error('balances do not agree');
    const count = Number(figures.documents);
    return {
      lines: [
        `${count} квитанций по ${LINES} строк, ${figures.restored} прежних снова действуют, домов ${houses.length}`,
        `проверка ${look.seconds.toFixed(1)} с, отмена одной транзакцией ${undone.seconds.toFixed(1)} с (${Math.round(count / undone.seconds)} квитанций в секунду), память ${undone.megabytes} МиБ`,
        `SIGKILL через ${killedAfter} мс после начала: ничего не изменилось, повтор довёл до конца`,
      ],
    };
  } finally {
    await context.db.destroy();
  }
}

async function killOnTheWay(context: Context, key: UploadKey): Promise<number> {
  const started = performance.now();
  const { child, done } = startProcess(context, 'undo', key, findScript()!);
  const over = done.catch(() => undefined);
  for (;;) {
    const { housesDone } = (await selectUndo(context.db, key))!;
    if (housesDone > 2) break;
    await setTimeout(20);
  }
  child.kill('SIGKILL');
  await over;
  return Math.round(performance.now() - started);
}

async function sums(context: Context, { houseId }: BuiltHouse) {
  const { rows } =
    await sql`select count(*)::int as documents, count(*) filter (where state = 'exposed')::int as exposed,
    (select sum(receivable - advance)::text from account_balance where house_id = ${houseId}) as owed
    from payment_document where house_id = ${houseId}`.execute(context.db);
  return rows;
}

/** Documents of an earlier month or of the same one, then those of the upload: in every second house they correct. */
async function expose(context: Context, key: UploadKey, count: number): Promise<BuiltHouse[]> {
  const { db } = context;
  const houses: BuiltHouse[] = [];
  const former = newId<UploadId>();
  for (let index = 0; index < count; index += 1) {
    const house = await buildHouse(db, { accounts: ACCOUNTS, requisites: 2 });
    houses.push(house);
    if (index === 0) {
      key.organisationId = house.providerId;
      await store(context, key);
    }
    await sql`update account set provider_id = ${key.organisationId} where house_id = ${house.houseId}`.execute(db);
    const own = { ...house, providerId: key.organisationId };
    const load = (period: string, uploadId: UploadId, payable: number) =>
      transaction(db, (trx) =>
        exposeDocuments(trx, { clock: () => new Date() }, house.houseId, documentsOf(own, period, uploadId, payable)),
      );
    await load(index % 2 === 0 ? '2026-09' : '2026-10', former, 10_000);
    await load('2026-10', key.uploadId, 20_000);
    await sql`insert into upload_document (organisation_id, upload_id, document, title, house_id, verdict, applied, fills)
      values (${key.organisationId}, ${key.uploadId}, ${index + 1}, 'ПД', ${house.houseId}, 'new', true, '[]')`.execute(
      db,
    );
  }
  await sql`analyze`.execute(db);
  return houses;
}

async function store({ db }: Context, key: UploadKey): Promise<void> {
  const at = new Date();
  const by = newId<PersonId>();
  const upload = { ...key, kind: 'bills' as const, fileId: newId<FileId>(), fileName: 'пд.xlsx', uploadedBy: by };
  await insertUpload(db, { ...upload, houses: null, throughId: null }, at);
  await updateUpload(db, key, { state: 'reading' }, at);
  await updateUpload(db, key, { state: 'checked' }, at);
  await updateUpload(db, key, { state: 'applying', policy: 'all_or_nothing' }, at);
  await updateUpload(db, key, { state: 'applied' }, at);
}

const documentsOf = (house: BuiltHouse, period: string, uploadId: UploadId, payable: number): NewDocument[] =>
  house.accountIds.map((accountId, account) => ({
    ...buildDocument(house, {
      accountId,
      period,
      number: `${account}`,
      lines: Array.from({ length: LINES }, (_, line) => ({
        payable: payable + line * 100,
        unit: 'м³',
        tariff: '43.270000',
        serviceCode: String(line),
        explanation: 'Объём по показаниям прибора учёта × тариф',
        requisiteId: house.requisiteIds[line % 2]!,
      })),
    }),
    uploadId,
  }));
