import { build } from 'esbuild';
import { test } from 'vitest';
import { readFileSync } from 'node:fs';
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
import { createApp } from '../src/app.ts';
import { loadClassifiers, loadRegions } from '../src/modules/classifiers/index.ts';
import { placeKey, upsertEntrances, upsertHouse, upsertLifts, upsertPremises, addOwnership, refreshHouseCounts } from '../src/modules/houses/index.ts';
import { setHouseCounts, upsertRequisite } from '../src/modules/organisations/index.ts';
import { transaction } from '../src/platform/database/database.ts';
import { newId, type PersonId } from '../src/platform/ids.ts';
import { loadRules } from '../src/platform/rules/load.ts';
import { launchBrowser } from './support/browser.ts';
import { createTestContext } from './support/context.ts';
import { buildAccount, buildBill, buildEmployee, buildHouse, buildLink, buildOrganisation, buildPerson, signIn } from './support/rows.ts';
import { day } from '../src/platform/month.ts';

test('look', async () => {
  await build({ entryPoints: ['src/ui/styles.css'], outdir: '/tmp/look-assets', bundle: true, external: ['/assets/*'] });
  const context = await createTestContext();
  await loadRules(context.db); await loadRegions(context.db); await loadClassifiers(context.db);
  const app = await createApp(context, { assetsFolder: '/tmp/look-assets' });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const mgr = await buildOrganisation(context, { short_name: 'ООО «УК „Дубравушка“»', full_name: 'Общество с ограниченной ответственностью «Управляющая компания „Дубравушка“»', phone: '+74951234567', dispatcher_phone: '+74957654321', dispatcher_hours: 'круглосуточно', reception_hours: 'пн–чт 9:00–18:00, пт 9:00–17:00', email: 'dom@dubravushka.example', site: 'https://dubravushka.example', legal_address: '127220, г. Москва, ул. Лескова, д. 3, помещ. 1', actual_address: '127220, г. Москва, ул. Лескова, д. 3', registered_on: '2014-02-03' });
  const rso = await buildOrganisation(context, { short_name: 'АО «Теплородник»' });
  const kr = await buildOrganisation(context, { short_name: 'Фонд «Крепкие стены»' });
  const long = await buildOrganisation(context, { short_name: 'Муниципальное унитарное предприятие городского округа «Верхнезаозёрский производственно-эксплуатационный жилищно-коммунальный трест № 3»' });
  await upsertRequisite(context.db, { organisationId: mgr, bik: '044525225', bankAccount: '40702810438000060473', bankName: 'ПАО «Народный банк»', correspondentAccount: '30101810400000000225' });
  const fias = newId<never>() as string;
  const houseId = await buildHouse(context, { fiasGuid: fias, managerId: mgr, sourceId: mgr, address: '127220, г. Москва, проезд Петровско-Разумовский, д. 12', shortAddress: 'проезд Петровско-Разумовский, д. 12', yearBuilt: 1978, yearInUse: 1979, stateCode: '2', stageCode: '1', managementCode: '5', wearPercent: '34.5', wearOn: day('2020-02-01'), capitalRepairYear: 2015, totalArea: '3456.7', storeysMax: 9, storeysMin: 9, heritage: false, cadastralNumber: '77:02:0021003:1045', oktmo: '45358000', postalIndex: '127220', managedFrom: day('2018-03-01') });
  const emptyHouse = await buildHouse(context, { managerId: long, shortAddress: 'ул. Героя Советского Союза Константина Константиновича Рокоссовского, д. 128, корп. 3, стр. 1' });
  const flats = Array.from({ length: 240 }, (_, i) => ({ category: 'residential' as const, number: String(i + 1), entranceNumber: String(1 + Math.floor(i / 60)), totalArea: '49.5', livingArea: '32.2', characteristicCode: '1' }));
  const ids = await upsertPremises(context.db, houseId, flats, context.clock());
  await upsertEntrances(context.db, houseId, [1, 2, 3, 4].map((n) => ({ number: String(n), storeys: 9, yearBuilt: 1978 })));
  await upsertLifts(context.db, houseId, [1, 2, 3, 4].map((n) => ({ entranceNumber: String(n), factoryNumber: `ПЛ-7800${n}`, kindCode: '5011', serviceLimit: '2030' })));
  await refreshHouseCounts(context.db, houseId, mgr);
  const premisesId = ids.get(placeKey({ category: 'residential', number: '7' }))!;
  const person = await buildPerson(context, { snils: '11223344595' });
  await transaction(context.db, async (trx) => { for (const [n, d, f] of [[1n, 2n, 'Петрова'], [1n, 3n, 'Константинопольская-Преображенская']] as const) await addOwnership(trx, { houseId, premisesId, holder: 'person', familyName: f, givenName: 'Анна', middleName: 'Ивановна', snils: '11223344595', numerator: n, denominator: d, registrationNumber: '77:02:0021003:1045-77/051/2021-3', registeredOn: day('2021-04-05') }, newId<PersonId>(), context.clock()); });
  const acc = async (p: PersonId, h: typeof houseId, org: typeof mgr, pid: typeof premisesId | null, kind: 'uo' | 'rso' | 'capital_repair', sums: Record<string, number>, more = {}) => {
    const accountId = await buildAccount(context, { houseId: h, providerId: org, premisesId: pid, kind, ...more });
    await buildLink(context, { personId: p, houseId: h, accountId, providerId: org, ...more });
    for (const [period, payable] of Object.entries(sums)) await buildBill(context, { houseId: h, accountId, providerId: org, period, payable });
    return accountId;
  };
  await acc(person, houseId, mgr, premisesId, 'uo', { '2026-10': 512_345 }, { residents: 3 });
  await acc(person, houseId, rso, premisesId, 'rso', { '2026-10': -30_000 });
  await acc(person, houseId, kr, premisesId, 'capital_repair', {});
  const many = await buildPerson(context, {});
  await acc(many, houseId, mgr, ids.get('residential 8')!, 'uo', { '2026-09': 1_000_000, '2026-10': 512_345 }, { title: 'Квартира мамы' });
  await acc(many, emptyHouse, long, null, 'uo', { '2026-10': 77_045 });
  for (let i = 20; i < 24; i++) await acc(many, houseId, mgr, ids.get(`residential ${i}`)!, 'uo', { '2026-10': 0 });
  const fresh = await buildPerson(context, {});
  await acc(fresh, houseId, mgr, premisesId, 'uo', {});
  const nobody = await buildPerson(context, {});
  const unconfirmed = await buildPerson(context, { confirmed: false });
  const clerk = await buildEmployee(context, mgr, 'head');
  for (let i = 0; i < 60; i++) await buildHouse(context, { managerId: mgr });
  await setHouseCounts(context.db, mgr, houseId, { premises: 240, accounts: 236 });
  await context.db.insertInto('upload').values([['needs_mapping', 'Лицевые счета ноябрь.xlsx', null], ['failed', 'Квитанции очень длинное имя файла за октябрь 2026 окончательный вариант 3.xlsx', 'Файл повреждён: не удалось открыть лист «Раздел 1»']].map(([state, file_name, problem]) => ({ organisation_id: mgr, upload_id: newId<never>(), kind: 'accounts', state, policy: null, file_id: newId<never>(), file_name, uploaded_by: clerk, problem, created_at: context.clock(), changed_at: context.clock() })) as never).execute();
  const admin = await buildPerson(context, { administrator: true });
  const browser = await launchBrowser();
  const P: [string, PersonId | null, string, boolean?][] = [
    ['landing', null, '/'], ['find', null, `/find?address=${fias}`], ['find-none', null, '/find?q=Лескова'], ['org', null, `/organisations/${mgr}`],
    ['home', person, '/'], ['home-many', many, '/'], ['home-fresh', fresh, '/'], ['home-none', nobody, '/'], ['home-unconfirmed', unconfirmed, '/'],
    ['house', person, `/houses/${houseId}`], ['house-empty', many, `/houses/${emptyHouse}`],
    ['desk', clerk, '/work', true], ['w-houses', clerk, '/work/houses', true], ['w-house', clerk, `/work/houses/${houseId}`, true], ['w-entrances', clerk, `/work/houses/${houseId}/entrances`, true], ['w-owners', clerk, `/work/houses/${houseId}/owners`, true], ['w-card', clerk, `/work/houses/${houseId}/card`, true], ['w-premises', clerk, `/work/houses/${houseId}/premises/${premisesId}`, true], ['w-right', clerk, `/work/houses/${houseId}/premises/${premisesId}/rights/new?holder=person`, true], ['w-org', clerk, '/work/organisation', true],
    ['a-list', admin, '/administration/organisations'], ['a-org', admin, `/administration/organisations/${mgr}`],
  ];
  const only = process.env.LOOK_ONLY?.split(',');
  for (const [name, who, path, acting] of P) {
    if (only && !only.includes(name)) continue;
    const session = who ? (await signIn(context, app, who, acting ? mgr : null)).cookies : {};
    for (const [mode, viewport, colorScheme] of [['phone', { width: 360, height: 740 }, 'light'], ['desk', { width: 1280, height: 800 }, 'light'], ['dark', { width: 360, height: 740 }, 'dark']] as const) {
      if (process.env.LOOK_MODE && !process.env.LOOK_MODE.split(',').includes(mode)) continue;
      const ctx = await browser.newContext({ viewport, colorScheme, locale: 'ru-RU', deviceScaleFactor: 1 });
      await ctx.addCookies(Object.entries(session).map(([n, value]) => ({ name: n, value, url })));
      const page = await ctx.newPage();
      page.on('console', (m) => m.type() === 'error' && console.log(name, m.text()));
      const answer = await page.goto(url + path);
      const wide = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      const h1 = await page.locator('h1').count();
      if (answer!.status() !== 200 || wide || h1 !== 1) console.log('!!', name, mode, answer!.status(), 'wide', wide, 'h1', h1);
      await page.evaluate(AXE);
      const bad = await page.evaluate(`axe.run(document, { rules: { 'target-size': { enabled: true } } }).then((r) => r.violations.map((v) => v.id + ': ' + v.nodes.length + ' ' + v.nodes[0].html.slice(0, 200)))`) as string[];
      if (bad.length) console.log('AXE', name, mode, bad);
      await page.screenshot({ path: `/tmp/look/${name}-${mode}.png`, fullPage: true });
      await ctx.close();
    }
  }
  await browser.close();
  await app.close();
}, 300_000);
