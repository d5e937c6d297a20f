import type { ComponentChildren } from 'preact';
import { HouseDrawing } from './drawing.tsx';
import { formatRubles } from './format.ts';

/** A sum in kopecks as «5 123,45 ₽», figures of one width. `signed` shows «+» too. */
export function Money({ amount, signed = false }: { amount: bigint; signed?: boolean }) {
  return <span class="money">{formatRubles(amount, { signed })}</span>;
}

interface SumProps {
  /** What the figure is: «К оплате за октябрь». */
  label: ComponentChildren;
  amount: bigint;
  /** By when, what it includes. */
  note?: ComponentChildren;
  /** Where the figure is from and when: «По данным ООО «…», 5 ноября». */
  source?: ComponentChildren;
  /** The main action. */
  children?: ComponentChildren;
}

/** The first figure of a page: what, how much, by when, whose figure it is, and the button. */
export function Sum({ label, amount, note, source, children }: SumProps) {
  return (
    <div class="sum">
      <p class="sum__label">{label}</p>
      <p class="sum__value">
        <Money amount={amount} />
      </p>
      {note && <p class="sum__note">{note}</p>}
      {children && <div class="sum__action">{children}</div>}
      {source && <p class="sum__source">{source}</p>}
    </div>
  );
}

/** The sum as the first card of a page, beside a house at dusk. */
export function SumCard(props: SumProps) {
  return (
    <section class="card card--tint">
      <div class="sum-card">
        <Sum {...props} />
        <HouseDrawing />
      </div>
    </section>
  );
}

/** A debt or an advance with a sign and a word. `owed` above zero is what the person owes, below zero what was paid ahead. */
export function Balance({ owed }: { owed: bigint }) {
  if (owed === 0n) return <span class="balance balance--none">Долга нет</span>;
  return (
    <span class={owed > 0n ? 'balance balance--debt' : 'balance balance--advance'}>
      {owed > 0n ? 'Долг ' : 'Переплата '}
      <Money amount={-owed} signed />
    </span>
  );
}
