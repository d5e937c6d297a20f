import { formatNumber, formatQuantity } from '../../../ui/index.ts';
import type { Values } from '../meter.ts';
import { unitOf } from './words.ts';

/** Values in a cell of a table: each tariff on a line of its own. */
export function ValuesCell({ values: { t1, t2, t3 }, unit }: { values: Values; unit: string }) {
  if (t2 === null) return <>{formatQuantity(t1, unitOf(unit))}</>;
  return (
    <span>
      {[t1, t2, t3].map((value, index) =>
        value === null ? null : (
          <>
            {index > 0 && <br />}Т{index + 1} {formatNumber(value)}
          </>
        ),
      )}{' '}
      {unitOf(unit)}
    </span>
  );
}
