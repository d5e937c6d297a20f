import { type Day, day } from '../src/platform/month.ts';
import type { Biller } from './bills.ts';
import { centreBiller } from './combined-bills.ts';
import { capitalBiller, hireBiller, upkeepBiller, wasteBiller } from './flat-bills.ts';
import type { Supplies } from './flat-devices.ts';
import type { Holder } from './flats.ts';
import { electricityBiller, waterBiller } from './metered-bills.ts';
import { type Provider, providerOf } from './organisations.ts';
import type { PlaceInDistrict } from './populate.ts';
import type { Kind, Service } from './stories.ts';

interface Billed {
  service: Service;
  kind: Kind;
  provider: Provider;
  bill: Biller;
}

/** Since when the named owner is 70: from then on she pays half of the contribution. */
const RELIEF: Readonly<Record<string, Day>> = { '98700010702': day('2026-03-08') };

/** Who bills a holder for what. */
export function billedServices(
  { frame, facts, billing }: PlaceInDistrict,
  holder: Holder,
  { water: own, light: metered }: Supplies,
  insurance: boolean,
): Billed[] {
  const { dwelling } = holder;
  const random = frame.random;
  const [water, light, waste] = [providerOf('teplorodnik'), providerOf('svetlyachok'), providerOf('chistyulya')];
  const services: Billed[] = [];
  const wet = { water: own, heatRate: frame.heatRate };
  if (billing === 'centre') {
    const payees = { upkeep: facts.manager, water, waste };
    services.push({
      service: 'centre',
      kind: 'settlement_centre',
      provider: providerOf('kopeechka'),
      bill: centreBiller(payees, dwelling, wet),
    });
  } else {
    const extras = { antenna: random.chance(40), insurance };
    services.push({
      service: 'upkeep',
      kind: 'uo',
      provider: facts.manager,
      bill: upkeepBiller(facts.manager, dwelling, extras),
    });
    services.push({ service: 'water', kind: 'rso', provider: water, bill: waterBiller(water, dwelling, wet) });
  }
  services.push({
    service: 'electricity',
    kind: 'rso',
    provider: light,
    bill: electricityBiller(light, dwelling, metered),
  });
  if (holder.isTenant) {
    const landlord = providerOf('uprava');
    services.push({ service: 'hire', kind: 'authority', provider: landlord, bill: hireBiller(landlord, dwelling) });
  } else {
    const fund = providerOf('krepkie-steny');
    const relief = RELIEF[holder.payer.resident?.snils ?? ''] ?? null;
    services.push({
      service: 'capital',
      kind: 'capital_repair',
      provider: fund,
      bill: capitalBiller(fund, dwelling, relief),
    });
  }
  if (billing === 'providers and waste')
    services.push({ service: 'waste', kind: 'tko', provider: waste, bill: wasteBiller(waste, dwelling) });
  return services;
}
