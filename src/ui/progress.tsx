import { formatNumber } from './format.ts';

interface ProgressProps {
  label: string;
  /** Without a value the length of the work is unknown. */
  value?: number;
  max?: number;
  /** «Проверено 1 204 из 30 000 строк». */
  note?: string;
  /**
   * An address that answers `{ value, max, note, done }` as JSON. The page follows it by itself and reloads when it is done.
   * Without script `Layout refreshSeconds` reloads the page.
   */
  src?: string;
}

/** How far a long work is. */
export function Progress({ label, value, max = 100, note, src }: ProgressProps) {
  const share = value === undefined ? undefined : `${formatNumber(Math.floor((value / Math.max(max, 1)) * 100), 0)} %`;
  const bar = (
    <div class="progress">
      <p class="progress__label">
        <span>{label}</span>
        <span class="progress__share">{share}</span>
      </p>
      <progress aria-label={label} value={value} max={max} />
      <p class="progress__note" role="status">
        {note}
      </p>
    </div>
  );
  return src ? <poll-progress src={src}>{bar}</poll-progress> : bar;
}
