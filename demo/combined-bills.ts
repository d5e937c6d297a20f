import type { Biller, Dwelling } from './bills.ts';
import { upkeepBiller, upkeepCharges, wasteCharge } from './flat-bills.ts';
import { type Wet, waterBiller } from './metered-bills.ts';
import type { Provider } from './organisations.ts';

/** A settlement centre bills for several: one document, several sets of requisites. */
export function centreBiller(
  payees: { upkeep: Provider; water: Provider; waste: Provider },
  dwelling: Dwelling,
  wet: Wet,
): Biller {
  const water = waterBiller(payees.water, dwelling, wet);
  const upkeep = upkeepBiller(payees.upkeep, dwelling, { antenna: false, insurance: false });
  return (month) => {
    const [own, charged] = [upkeep(month), water(month)];
    return {
      charges: [...own.charges, ...charged.charges, wasteCharge(payees.waste, dwelling, month)],
      readings: charged.readings,
      norms: [...own.norms, ...charged.norms],
    };
  };
}

/** Everything from one managing organisation in one document of twelve lines: the bulk. */
export function wholeBiller(payee: Provider, dwelling: Dwelling, wet: Wet): Biller {
  const water = waterBiller(payee, dwelling, wet);
  return (month) => {
    const charged = water(month);
    return {
      charges: [...upkeepCharges(payee, dwelling, month), ...charged.charges, wasteCharge(payee, dwelling, month)],
      readings: charged.readings,
      norms: [],
    };
  };
}
