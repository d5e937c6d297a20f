import type { Db } from '../../platform/database/database.ts';
import type { PersonId } from '../../platform/ids.ts';
import type { ExportTable, PersonPart } from '../../platform/person-part.ts';

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The page is read without us: its looks are in it. */
const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 0 auto; padding: 1rem; }
h2 { margin-top: 2.5rem; border-top: 1px solid; padding-top: 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid color-mix(in srgb, currentcolor 30%, transparent); white-space: pre-wrap; overflow-wrap: anywhere; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
@media (max-width: 40rem) {
  thead { display: none; }
  tr { display: block; margin-bottom: 1rem; }
  td { display: block; border: 0; padding: .1rem 0; }
  td::before { content: attr(data-title) ': '; font-weight: 600; }
}
@media print { body { max-width: none; padding: 0; font-size: 10pt; } }`;

/** Everything as one page to be read and printed, in pieces as the rows come. @param madeOn as people read it */
export async function* writePage(
  db: Db,
  personId: PersonId,
  parts: readonly PersonPart[],
  { operator, madeOn }: { operator: string; madeOn: string },
): AsyncGenerator<string> {
  yield `<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Все ваши данные</title><style>${STYLE}</style></head><body><main><h1>Все ваши данные</h1>
<p>Сделано ${escaped(madeOn)}. Оператор: ${escaped(operator)}. Те же данные для программ лежат рядом, в файлах JSON: суммы там
в копейках, время по Гринвичу. Присланные и полученные файлы лежат в папке files.</p>\n`;
  for (const { tables } of parts) for (const table of tables) yield* writeTable(db, personId, table);
  yield '</main></body></html>\n';
}

async function* writeTable(db: Db, personId: PersonId, table: ExportTable): AsyncGenerator<string> {
  const titles = table.columns.map(({ title }) => escaped(title));
  yield `<h2>${escaped(table.title)}</h2>\n`;
  let count = 0;
  for await (const row of table.rows(db, personId)) {
    if (count === 0)
      yield `<table><thead><tr>${titles.map((title) => `<th scope="col">${title}</th>`).join('')}</tr></thead><tbody>\n`;
    const cells = table.columns.map(
      ({ cell }, index) => `<td data-title="${titles[index]}">${escaped(cell(row as never))}</td>`,
    );
    yield `<tr>${cells.join('')}</tr>\n`;
    count += 1;
  }
  yield count === 0 ? '<p>Ничего нет.</p>\n' : '</tbody></table>\n';
}

/** One table as a JSON array, a row a line. Kopecks are whole numbers, times are UTC. */
export async function* writeJson(db: Db, personId: PersonId, table: ExportTable): AsyncGenerator<string> {
  let lead = '[\n';
  for await (const row of table.rows(db, personId)) {
    yield lead + JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? Number(value) : value));
    lead = ',\n';
  }
  yield lead === '[\n' ? '[]\n' : '\n]\n';
}
