/** `npm run bench`: the ratios of the budgets, all in one run. Data of its own, in a folder that is removed at the end. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDemo } from '../demo/index.ts';
import { loadReference } from '../src/cli/reference.ts';
import { readConfig } from '../src/platform/config.ts';
import { startEmbeddedPostgres } from '../src/platform/database/embedded.ts';
import { migrate } from '../src/platform/database/migrate.ts';
import { createContext } from '../src/process.ts';
import { processEnvironment, readStartSettings } from '../src/start-settings.ts';
import { benchApi } from './api.ts';
import { benchOwnAppeals } from './appeals-pages.ts';
import { benchAppealSearch } from './appeals-search.ts';
import { benchGar } from './gar.ts';
import { benchHomePage, benchScale } from './home-page.ts';
import { benchImportBills } from './import-bills.ts';
import { benchImportReadings } from './import-readings.ts';
import { benchUndoBills } from './undo-bills.ts';

const { values } = parseArgs({
  options: {
    accounts: { type: 'string', default: '10000' },
    'many-accounts': { type: 'string', default: '100000' },
    houses: { type: 'string', default: '100000' },
    appeals: { type: 'string', default: '1000000' },
    bills: { type: 'string', default: '20000' },
    only: { type: 'string', default: 'home,import,undo,readings,api,gar,scale,appeals' },
  },
});
const wanted = new Set(values.only.split(','));
const say = (line: string) => console.log(line);
const verdict = (good: boolean) => (good ? 'в бюджете' : 'ВНЕ БЮДЖЕТА');

const folder = await mkdtemp(join(tmpdir(), 'domovoy-bench-'));
const server = await startEmbeddedPostgres({ dataDir: folder });

/** A database of its own with reference data, and demo accounts when a number is given. */
async function prepare(name: string, accounts: number): Promise<Record<string, string>> {
  const url = new URL(server.url);
  url.pathname = `/${name}`;
  const environment = processEnvironment(readStartSettings({ DATA_DIR: folder }), url.href, []);
  await migrate(url.href);
  const context = createContext(readConfig(environment), 'bench');
  await loadReference(context.db);
  if (accounts > 0) {
    const started = performance.now();
    await makeDemo(context, { accounts, months: 2, onProgress: () => undefined });
    say(`  данные на ${accounts} счетов: ${((performance.now() - started) / 1000).toFixed(0)} с`);
  }
  await context.db.destroy();
  return environment;
}

try {
  const small =
    wanted.has('home') || wanted.has('scale') ? await prepare('bench_small', Number(values.accounts)) : null;
  if (small && wanted.has('home')) {
    say('Главная страница');
    const home = await benchHomePage(small);
    say(
      `  процессор страницы к процессору её запросов: ${home.cpuRatio.toFixed(2)} (не больше 3): ${verdict(home.cpuRatio <= 3)}`,
    );
    say(
      `  запросов на страницу: ${home.statements.toFixed(1)}; страница ${Math.round(home.pageMicroseconds)} мкс процессора`,
    );
  }
  if (small && wanted.has('scale')) {
    say('Главная страница на большой базе');
    const ratio = await benchScale(small, await prepare('bench_large', Number(values['many-accounts'])));
    say(
      `  p95 при ${values['many-accounts']} счетов к p95 при ${values.accounts}: ${ratio.toFixed(2)} (не больше 1,2): ${verdict(ratio <= 1.2)}`,
    );
  }
  if (wanted.has('import')) {
    say('Загрузка квитанций');
    const imported = await benchImportBills(await prepare('bench_import', 0));
    for (const line of imported.lines) say(`  ${line}`);
  }
  if (wanted.has('undo')) {
    say('Отмена загрузки квитанций');
    const undone = await benchUndoBills(await prepare('bench_undo', 0), Number(values.bills));
    for (const line of undone.lines) say(`  ${line}`);
  }
  if (wanted.has('api')) {
    say('Показания через API');
    const api = await benchApi(await prepare('bench_api', 0));
    const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
    say(
      `  одно показание: ${percent(api.single)} скорости тех же запросов без программы (не меньше 50): ${verdict(api.single >= 0.5)}`,
    );
    say(
      `  ${api.readings} показаний одним вызовом: ${percent(api.call)} скорости тех же запросов; ${percent(api.rows)} скорости INSERT тех же строк по одной; ${percent(api.copy)} скорости COPY`,
    );
    say(`  ${JSON.stringify(api.detail)}`);
  }
  if (wanted.has('readings')) {
    say('Загрузка показаний');
    const imported = await benchImportReadings(await prepare('bench_readings', 0));
    for (const line of imported.lines) say(`  ${line}`);
  }
  if (wanted.has('appeals')) {
    say(`Поиск по ${values.appeals} обращений`);
    for (const found of await benchAppealSearch(await prepare('bench_search', 0), Number(values.appeals)))
      say(
        `  ${found.name}: показано ${found.shown}, прочитано строк ${found.touched} (не больше ${10 * Math.max(found.shown, 1)}), ${found.milliseconds.toFixed(1)} мс, просмотр таблицы целиком: ${found.whole ? 'да' : 'нет'}: ${verdict(found.isGood)}`,
      );
    say('Обращения автора');
    const [home, ...pages] = await benchOwnAppeals(await prepare('bench_own', 2000));
    for (const { name, cost } of pages) {
      const share = cost.pageMicroseconds / home!.cost.pageMicroseconds;
      say(
        `  ${name}: процессор страницы к процессору главной ${share.toFixed(2)} (не больше 1): ${verdict(share <= 1)}; к процессору своих ${cost.statements.toFixed(1)} запросов ${cost.cpuRatio.toFixed(2)} (у главной ${home!.cost.cpuRatio.toFixed(2)} при ${home!.cost.statements.toFixed(1)})`,
      );
    }
  }
  if (wanted.has('gar')) {
    say('Загрузка адресов');
    const environment = await prepare('bench_gar', 0);
    const context = createContext(readConfig(environment), 'bench');
    const gar = await benchGar(context, Number(values.houses));
    await context.db.destroy();
    say(
      `  скорость к голому разбору SAX: ${(gar.ratio * 100).toFixed(0)} % (не меньше 60): ${verdict(gar.ratio >= 0.6)}`,
    );
    say(`  ${JSON.stringify(gar.detail)}`);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
