import { type Definition, formatDate, formatNumber, formatQuantity, NBSP, NO_FIGURE } from '../../ui/index.ts';
import type { HouseCard } from './house.ts';
import type { HouseCounts } from './queries/houses.ts';
import type { HouseWords } from './words.ts';

/** The first facts of a house, in the order of the state's card (S-HOUSE-1). */
export function mainFacts(house: HouseCard, words: HouseWords): Definition[] {
  return [
    { term: 'Тип дома', value: words.kind, empty: NO_FIGURE },
    { term: 'Год постройки', value: house.yearBuilt, empty: NO_FIGURE },
    { term: 'Год ввода в эксплуатацию', value: house.yearInUse, empty: NO_FIGURE },
    { term: 'Состояние', value: words.state, empty: NO_FIGURE },
    { term: 'Общий износ', value: wear(house), empty: NO_FIGURE },
    {
      term: 'Последний капитальный ремонт',
      value: house.capitalRepairYear && `${house.capitalRepairYear}${NBSP}год`,
      empty: NO_FIGURE,
    },
  ];
}

/** The rest that is known: a fact that nobody has given is left out. */
export function moreFacts(house: HouseCard, words: HouseWords, counts: HouseCounts): Definition[] {
  const facts: Definition[] = [
    { term: 'Стадия жизненного цикла', value: words.stage },
    { term: 'Способ управления', value: words.management },
    { term: 'Этажей', value: storeys(house) },
    { term: 'Подземных этажей', value: house.undergroundStoreys },
    { term: 'Подъездов', value: counts.entrances || null },
    { term: 'Лифтов', value: counts.lifts || null },
    { term: 'Квартир', value: counts.flats ? formatNumber(counts.flats) : null },
    { term: 'Общая площадь дома', value: house.totalArea && formatQuantity(house.totalArea, 'м²') },
    { term: 'Объект культурного наследия', value: house.heritage === null ? null : house.heritage ? 'да' : 'нет' },
    { term: 'Кадастровый номер', value: house.cadastralNumber },
    { term: 'Код дома в ГИС ЖКХ', value: house.uniqueNumber },
    { term: 'Почтовый индекс', value: house.postalIndex },
    { term: 'ОКТМО', value: house.oktmo },
  ];
  return facts.filter(({ value }) => value !== null && value !== undefined && value !== '');
}

export const hasFigures = (house: HouseCard): boolean =>
  [house.yearBuilt, house.yearInUse, house.stateCode, house.wearPercent, house.capitalRepairYear].some(
    (figure) => figure !== null,
  );

function wear({ wearPercent, wearOn }: HouseCard): string | null {
  if (wearPercent === null) return null;
  return `${formatNumber(wearPercent)}${NBSP}%${wearOn ? ` на ${formatDate(wearOn)}` : ''}`;
}

function storeys({ storeysMin, storeysMax }: HouseCard): string | null {
  if (storeysMax === null) return storeysMin === null ? null : String(storeysMin);
  return storeysMin === null || storeysMin === storeysMax ? String(storeysMax) : `от ${storeysMin} до ${storeysMax}`;
}
