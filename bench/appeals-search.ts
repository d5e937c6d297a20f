import { sql } from 'kysely';
import { searchDesk } from '../src/modules/appeals/search-desk.ts';
import { explained, fillDesk } from '../src/modules/appeals/test-desk.ts';
import { upsertOrganisation } from '../src/modules/organisations/index.ts';
import { readConfig } from '../src/platform/config.ts';
import type { Db } from '../src/platform/database/database.ts';
import { createContext } from '../src/process.ts';

const PAGE = 50;
const RUNS = 7;
/** Four rows tell where a desk begins and ends, whatever is shown. */
const BOUNDS = 4;

/** See `fillDesk`: how frequent each is. */
const WORDS = {
  'слово во всех': 'квартира',
  'в каждом втором': 'подъезд',
  'в каждом десятом': 'лифт',
  'в каждом сотом': 'крыша',
  'в каждом тысячном': 'подвал',
  'в пяти': 'фундамент',
  'ни в одном': 'космодром',
  'два слова, вместе редкие': 'лифт крыша',
  'недописанное слово': 'подв',
  'улица и дом': 'лескова 17',
};

export interface SearchCost {
  name: string;
  shown: number;
  /** Rows of the desk in its table and in its indexes. */
  touched: number;
  /** Median of the whole search. */
  milliseconds: number;
  /** A table was read whole. */
  whole: boolean;
  isGood: boolean;
}

/** The search of a desk of so many appeals, by words of each frequency. */
export async function benchAppealSearch(environment: Record<string, string>, rows: number): Promise<SearchCost[]> {
  const context = createContext(readConfig(environment), 'bench');
  const { db } = context;
  const card = { ogrn: '1249700000010', inn: '9801000016', kpp: '', kind: 'legal' as const };
  const names = { full_name: 'Общество «Поиск»', short_name: 'ООО «Поиск»' };
  const organisationId = await upsertOrganisation(db, { ...card, ...names }, context.clock());
  // Made after the rows, the index is ready in a third of the time.
  await sql`drop index desk_appeal_words`.execute(db);
  await fillDesk(db, organisationId, rows);
  await sql`create index desk_appeal_words on desk_appeal using gin (organisation_id, kind, spans, words)`.execute(db);
  await sql`vacuum analyze desk_appeal`.execute(db);
  const costs: SearchCost[] = [];
  for (const [name, text] of Object.entries(WORDS)) {
    const search = (on: Db) =>
      searchDesk(on, { organisationId, houses: null, kinds: ['appeal', 'request'], text, after: null, limit: PAGE });
    const { result, touched, kinds } = await explained(environment.DATABASE_URL!, search);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      await search(db);
      times.push(performance.now() - started);
    }
    const shown = result.lines.length;
    const own = Math.round(touched) - BOUNDS;
    const whole = kinds.includes('Seq Scan');
    costs.push({
      name: `${name} («${text}»)`,
      shown,
      touched: own,
      milliseconds: times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!,
      whole,
      isGood: !whole && own <= 10 * Math.max(shown, 1),
    });
  }
  await db.destroy();
  return costs;
}
