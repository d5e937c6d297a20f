import type { Biller, Dwelling } from './bills.ts';
import { upkeepBiller, upkeepCharges, wasteCharge } from './flat-bills.ts';
import { waterBiller } from './metered-bills.ts';
import type { Provider } from './organisations.ts';
import type { Random } from './random.ts';

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
