import { groupDigits } from './format.ts';

interface CopyProps {
  /** What is copied, without the spaces that help the eye. */
  text: string;
  /** What it is, for the button's name: «номер лицевого счёта». */
  what: string;
  /** Shown instead of the text: by default digits in groups of four. */
  shown?: string;
  /** Longer than a line of a phone: it may break anywhere. */
  long?: boolean;
}

/** A number with a button that copies it. The button appears only where script can do that. */
export function Copy({ text, what, shown = groupDigits(text), long = false }: CopyProps) {
  return (
    <span class="copy">
      <span class={classOf(shown, long)}>{shown}</span>
      <copy-button text={text} what={what} />
    </span>
  );
}

function classOf(shown: string, long: boolean): string {
  if (long) return 'copy__text copy__text--long';
  return shown.includes(' ') ? 'copy__text copy__text--groups' : 'copy__text';
}
