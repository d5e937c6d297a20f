import type { Month } from '../src/platform/month.ts';
import { charge, times } from './amounts.ts';
import type { Biller, Dwelling, Norm } from './bills.ts';
import { isHeatingSeason } from './calendar.ts';
import { type Charge, chargeFor, recalculate } from './charges.ts';
import type { WaterSupply } from './flat-devices.ts';
import type { Provider } from './organisations.ts';
import { corrected, type Metered, type Supply } from './supply.ts';
import { NORMS, type Tariff, tariffOf } from './tariffs.ts';

const cubic = 'м³';

/** What a bill for water and heating is made of: devices or norms, and heating by the device of the house. */
export interface Wet {
  water: WaterSupply | null;
  heatRate: (month: Month) => number;
}

const byNorm = (volume: number): Metered => ({ volumes: [volume], estimate: null, corrections: [], readings: [] });

interface Line {
  service: string;
  code: string;
  unit: string;
  tariff: Tariff;
  /** The volumes that it is reckoned from, and how. */
  of: readonly ('cold' | 'hot')[];
  volumeOf?: (volume: number) => number;
  isRaised: boolean;
}

const LINES: readonly Line[] = [
  { service: 'Холодное водоснабжение', code: '1', unit: cubic, tariff: 'cold', of: ['cold'], isRaised: true },
  { service: 'Горячее водоснабжение: вода', code: '2', unit: cubic, tariff: 'cold', of: ['hot'], isRaised: true },
  {
    service: 'Горячее водоснабжение: подогрев',
    code: '2',
    unit: 'Гкал',
    tariff: 'heat',
    of: ['hot'],
    volumeOf: (volume) => times(volume, NORMS.hotHeat),
    isRaised: true,
  },
  { service: 'Водоотведение', code: '3', unit: cubic, tariff: 'drain', of: ['cold', 'hot'], isRaised: false },
];

const NORMS_OF_WATER: readonly Norm[] = (
  [
    ['Холодное водоснабжение', cubic, NORMS.cold],
    ['Горячее водоснабжение', cubic, NORMS.hot],
    ['Отопление', 'Гкал', NORMS.heat],
  ] as const
).map(([service, unit, individual]) => ({
  service,
  unit,
  individual,
  common: null,
  housePremises: null,
  houseCommon: null,
}));

/** Cold and hot water, drains and heating: meters or norms, heating in its season only. */
export function waterBiller(payee: Provider, dwelling: Dwelling, { water, heatRate }: Wet): Biller {
  const { residents, totalArea, benefit } = dwelling;
  return (month) => {
    const now = {
      cold: water ? water.cold(month) : byNorm(residents * NORMS.cold),
      hot: water ? water.hot(month) : byNorm(residents * NORMS.hot),
    };
    const charges = LINES.map(({ volumeOf = (volume) => volume, of, isRaised, ...line }): Charge => {
      const estimate = of.map((which) => now[which].estimate).find((text) => text !== null) ?? null;
      const made = chargeFor(payee, month, {
        ...line,
        group: 'communal',
        volume: volumeOf(of.reduce((sum, which) => sum + now[which].volumes[0]!, 0)),
        method: !water ? 'N' : estimate ? 'O' : 'M',
        raised: isRaised && !water,
        estimate,
        benefit,
      });
      if (water) makeGood(made, line.tariff, of, volumeOf, now, water);
      return made;
    });
    if (isHeatingSeason(month))
      charges.push(
        chargeFor(payee, month, {
          group: 'communal',
          service: 'Отопление',
          code: '6',
          unit: 'Гкал',
          tariff: 'heat',
          volume: times(totalArea, heatRate(month)),
          method: 'M',
          benefit,
        }),
      );
    return {
      charges,
      readings: [...now.cold.readings, ...now.hot.readings],
      norms: [...NORMS_OF_WATER],
    };
  };
}

/** What months by estimate were charged too much or too little, each at its own tariff, now that a reading has come. */
function makeGood(
  line: Charge,
  tariff: Tariff,
  of: Line['of'],
  volumeOf: (volume: number) => number,
  now: Record<'cold' | 'hot', Metered>,
  water: WaterSupply,
): void {
  const corrections = of.flatMap((which) => now[which].corrections);
  if (corrections.length === 0) return;
  const months = [...new Set(corrections.map(({ month }) => month))];
  const amountOf = (month: Month, side: 'from' | 'to') => {
    const volume = of.reduce((sum, which) => {
      const own = now[which].corrections.find((one) => one.month === month);
      return sum + (own ? own[side] : water[which](month).volumes[0]!);
    }, 0);
    return charge(volumeOf(volume), tariffOf(tariff, month));
  };
  const amount = months.reduce((sum, month) => sum + amountOf(month, 'to') - amountOf(month, 'from'), 0);
  if (amount !== 0) recalculate(line, amount, corrected(corrections));
}

/** Electricity by two zones of the day. */
export function electricityBiller(payee: Provider, { benefit }: Dwelling, light: Supply): Biller {
  const zone = { group: 'communal', code: '4', unit: 'кВт·ч', method: 'M', benefit } as const;
  return (month) => {
    const { volumes, readings } = light(month);
    const [day, night] = volumes as [number, number];
    return {
      charges: [
        chargeFor(payee, month, { ...zone, service: 'Электроснабжение (день)', tariff: 'day', volume: day }),
        chargeFor(payee, month, { ...zone, service: 'Электроснабжение (ночь)', tariff: 'night', volume: night }),
      ],
      readings: [...readings],
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
