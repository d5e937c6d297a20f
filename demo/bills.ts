import { type Day, firstDay, type Month } from '../src/platform/month.ts';
import { decimal, times } from './amounts.ts';
import { dayOf, isHeatingSeason } from './calendar.ts';
import { type Charge, chargeFor } from './charges.ts';
import type { Provider } from './organisations.ts';
import type { Random } from './random.ts';
import { NORMS } from './tariffs.ts';

/** A dwelling as its bills see it. Areas in ten-thousandths of a m². */
export interface Dwelling {
  totalArea: number;
  livingArea: number;
  residents: number;
  /** Water meters stand. Without them the norm is charged with a multiplier. */
  metered: boolean;
  /** A federal category that pays half of the communal services. */
  benefit: boolean;
}

export interface Reading {
  serial: string;
  service: string;
  code: string;
  unit: string;
  previous: number;
  current: number;
  takenOn: Day;
}

export interface Norm {
  service: string;
  unit: string;
  individual: number | null;
  common: number | null;
  housePremises: number | null;
  houseCommon: number | null;
}

/** What a provider bills for a month, before debts and penalties. */
export interface Draft {
  charges: Charge[];
  readings: Reading[];
  norms: Norm[];
}

/** Bills month after month, in order: meters go on from where they stood. */
export type Biller = (month: Month) => Draft;

const cubic = 'м³';

/** Readings of meters of one dwelling, taken between the 15th and the 25th. */
function meterOf(random: Random, service: string, code: string, unit: string, start: number) {
  const serial = `${random.between(10, 29)}-${random.between(100_000, 999_999)}`;
  let standing = random.below(start);
  return (month: Month, consumption: number): Reading => {
    const previous = standing;
    standing += consumption;
    return { serial, service, code, unit, previous, current: standing, takenOn: dayOf(month, random.between(15, 25)) };
  };
}

const plain = (charges: Charge[]): Draft => ({ charges, readings: [], norms: [] });

/** Housing services and resources for the common property: the managing organisation's own. */
export function upkeepCharges(payee: Provider, dwelling: Dwelling, month: Month): Charge[] {
  const { totalArea } = dwelling;
  const common = (service: string, code: string, tariff: 'cold' | 'drain' | 'day', norm: number, unit: string) =>
    chargeFor(payee, month, {
      group: 'common_property',
      service: `${service} в целях содержания общего имущества`,
      code,
      unit,
      tariff,
      volume: times(totalArea, norm),
      method: 'N',
      common: true,
    });
  return [
    chargeFor(payee, month, {
      group: 'housing',
      service: 'Содержание жилого помещения',
      code: '1',
      unit: 'м²',
      tariff: 'upkeep',
      volume: totalArea,
    }),
    common('Холодная вода', '1', 'cold', NORMS.commonCold, cubic),
    common('Горячая вода', '2', 'cold', NORMS.commonHot, cubic),
    common('Отведение сточных вод', '3', 'drain', NORMS.commonDrain, cubic),
    common('Электрическая энергия', '4', 'day', NORMS.commonElectricity, 'кВт·ч'),
    chargeFor(payee, month, {
      group: 'additional',
      service: 'Запирающее устройство (домофон)',
      code: '1',
      unit: 'квартира',
      tariff: 'intercom',
      volume: 10_000,
    }),
  ];
}

export function upkeepBiller(
  payee: Provider,
  dwelling: Dwelling,
  extras: { antenna: boolean; insurance: boolean },
): Biller {
  return (month) => {
    const charges = upkeepCharges(payee, dwelling, month);
    if (extras.antenna)
      charges.push(
        chargeFor(payee, month, {
          group: 'additional',
          service: 'Коллективная антенна',
          code: '2',
          unit: 'квартира',
          tariff: 'antenna',
          volume: 10_000,
        }),
      );
    if (extras.insurance)
      charges.push(
        chargeFor(payee, month, {
          group: 'insurance',
          service: 'Добровольное страхование жилья',
          code: '11',
          unit: 'м²',
          tariff: 'insurance',
          volume: dwelling.totalArea,
          voluntary: true,
        }),
      );
    return {
      ...plain(charges),
      norms: charges
        .filter(({ common }) => common)
        .map(({ service, unit, volume }) => ({
          service,
          unit,
          individual: null,
          common: volume,
          housePremises: null,
          houseCommon: times(volume, 900_000),
        })),
    };
  };
}

/** Cold and hot water, drains and heating: meters or norms, heating in its season only. */
export function waterBiller(payee: Provider, dwelling: Dwelling, random: Random): Biller {
  const { residents, totalArea, metered, benefit } = dwelling;
  const coldMeter = meterOf(random, 'Холодное водоснабжение', '1', cubic, 9_000_000);
  const hotMeter = meterOf(random, 'Горячее водоснабжение', '2', cubic, 6_000_000);
  return (month) => {
    const use = (norm: number) => (metered ? times(residents * norm, random.between(4500, 11_500)) : residents * norm);
    const [cold, hot] = [rough(use(NORMS.cold)), rough(use(NORMS.hot))];
    const method = metered ? 'M' : 'N';
    const water = { group: 'communal', method, raised: !metered, benefit } as const;
    const charges = [
      chargeFor(payee, month, {
        ...water,
        service: 'Холодное водоснабжение',
        code: '1',
        unit: cubic,
        tariff: 'cold',
        volume: cold,
      }),
      chargeFor(payee, month, {
        ...water,
        service: 'Горячее водоснабжение: вода',
        code: '2',
        unit: cubic,
        tariff: 'cold',
        volume: hot,
      }),
      chargeFor(payee, month, {
        ...water,
        service: 'Горячее водоснабжение: подогрев',
        code: '2',
        unit: 'Гкал',
        tariff: 'heat',
        volume: times(hot, NORMS.hotHeat),
      }),
      chargeFor(payee, month, {
        ...water,
        raised: false,
        service: 'Водоотведение',
        code: '3',
        unit: cubic,
        tariff: 'drain',
        volume: cold + hot,
      }),
    ];
    if (isHeatingSeason(month))
      charges.push(
        chargeFor(payee, month, {
          group: 'communal',
          service: 'Отопление',
          code: '6',
          unit: 'Гкал',
          tariff: 'heat',
          volume: times(totalArea, random.between(170, 260)),
          method: 'M',
          benefit,
        }),
      );
    return {
      charges,
      readings: metered ? [coldMeter(month, cold), hotMeter(month, hot)] : [],
      norms: [
        {
          service: 'Холодное водоснабжение',
          unit: cubic,
          individual: NORMS.cold,
          common: null,
          housePremises: null,
          houseCommon: null,
        },
        {
          service: 'Горячее водоснабжение',
          unit: cubic,
          individual: NORMS.hot,
          common: null,
          housePremises: null,
          houseCommon: null,
        },
        {
          service: 'Отопление',
          unit: 'Гкал',
          individual: NORMS.heat,
          common: null,
          housePremises: null,
          houseCommon: null,
        },
      ],
    };
  };
}

/** Readings of water have three decimals at the most. */
const rough = (volume: number): number => Math.floor(volume / 10) * 10;

/** Electricity by two zones of the day. */
export function electricityBiller(payee: Provider, dwelling: Dwelling, random: Random): Biller {
  const dayMeter = meterOf(random, 'Электроснабжение (день)', '4', 'кВт·ч', 90_000_000);
  const nightMeter = meterOf(random, 'Электроснабжение (ночь)', '4', 'кВт·ч', 40_000_000);
  const whole = (volume: number) => Math.floor(volume / 10_000) * 10_000;
  return (month) => {
    const winter = isHeatingSeason(month) ? 12_000 : 9000;
    const used = times(dwelling.residents * NORMS.electricity, times(winter, random.between(7000, 14_000)));
    const [day, night] = [whole(times(used, 7000)), whole(times(used, 3000))];
    const zone = { group: 'communal', code: '4', unit: 'кВт·ч', method: 'M', benefit: dwelling.benefit } as const;
    return {
      charges: [
        chargeFor(payee, month, { ...zone, service: 'Электроснабжение (день)', tariff: 'day', volume: day }),
        chargeFor(payee, month, { ...zone, service: 'Электроснабжение (ночь)', tariff: 'night', volume: night }),
      ],
      readings: [dayMeter(month, day), nightMeter(month, night)],
      norms: [
        {
          service: 'Электроснабжение',
          unit: 'кВт·ч',
          individual: NORMS.electricity,
          common: null,
          housePremises: null,
          houseCommon: null,
        },
      ],
    };
  };
}

/** @param relief since when the payer is 70 and pays half (ЖК ст. 169 ч. 2.1); null: the whole contribution */
export function capitalBiller(payee: Provider, dwelling: Dwelling, relief: Day | null): Biller {
  return (month) =>
    plain([
      chargeFor(payee, month, {
        group: 'capital_repair',
        service: 'Взнос на капитальный ремонт',
        code: '2',
        unit: 'м²',
        tariff: 'capital',
        volume: dwelling.totalArea,
        benefit: relief !== null && relief < firstDay(month),
      }),
    ]);
}

export function hireBiller(payee: Provider, dwelling: Dwelling): Biller {
  return (month) =>
    plain([
      chargeFor(payee, month, {
        group: 'housing',
        service: 'Плата за наём',
        code: '9',
        unit: 'м²',
        tariff: 'hire',
        volume: dwelling.totalArea,
      }),
    ]);
}

export const wasteCharge = (payee: Provider, dwelling: Dwelling, month: Month): Charge =>
  chargeFor(payee, month, {
    group: 'communal',
    service: 'Обращение с твёрдыми коммунальными отходами',
    code: '7',
    unit: 'чел.',
    tariff: 'waste',
    volume: dwelling.residents * 10_000,
    method: 'N',
    benefit: dwelling.benefit,
  });

export const wasteBiller =
  (payee: Provider, dwelling: Dwelling): Biller =>
  (month) =>
    plain([wasteCharge(payee, dwelling, month)]);

/** A settlement centre bills for several: one document, several sets of requisites. */
export function centreBiller(
  payees: { upkeep: Provider; water: Provider; waste: Provider },
  dwelling: Dwelling,
  random: Random,
): Biller {
  const water = waterBiller(payees.water, dwelling, random);
  const upkeep = upkeepBiller(payees.upkeep, dwelling, { antenna: false, insurance: false });
  return (month) => {
    const [own, wet] = [upkeep(month), water(month)];
    return {
      charges: [...own.charges, ...wet.charges, wasteCharge(payees.waste, dwelling, month)],
      readings: wet.readings,
      norms: [...own.norms, ...wet.norms],
    };
  };
}

/** Everything from one managing organisation in one document of twelve lines: the bulk. */
export function wholeBiller(payee: Provider, dwelling: Dwelling, random: Random): Biller {
  const water = waterBiller(payee, dwelling, random);
  return (month) => {
    const wet = water(month);
    return {
      charges: [...upkeepCharges(payee, dwelling, month), ...wet.charges, wasteCharge(payee, dwelling, month)],
      readings: wet.readings,
      norms: [],
    };
  };
}

/** The consumption that a reading shows, as text. */
export const consumptionOf = ({ previous, current }: Reading): string => decimal(current - previous);
