import type { Month } from '../src/platform/month.ts';
import { times } from './amounts.ts';
import type { Biller, Dwelling, Reading } from './bills.ts';
import { dayOf, isHeatingSeason } from './calendar.ts';
import { chargeFor } from './charges.ts';
import type { Provider } from './organisations.ts';
import type { Random } from './random.ts';
import { NORMS } from './tariffs.ts';

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
