import type { FieldError } from '../../../platform/errors.ts';
import { PHOTO_LIMIT, PHOTO_TOO_LARGE } from '../../../platform/files/photo.ts';
import { errorOf, Field, Notice } from '../../../ui/index.ts';
import type { Question } from '../questions.ts';
import { type Dial, keptField, photoField, sureField } from './reading-fields.ts';

/** What came of the last sending of one dial that is not settled yet. */
export interface OpenDial {
  questions: readonly Question[];
  /** What «Да, всё верно» stands for. */
  sure: string;
  /** The sealed word of a picture that waits in the store. */
  kept: string | null;
}

/** An unusual value is asked about where it stands. */
export function Asked({ open, dial }: { open: OpenDial; dial: Dial }) {
  const rollover = open.questions.some(({ kind }) => kind === 'rollover');
  return (
    <Notice tone="warn" title="Проверьте показание">
      {open.questions.map(({ kind, text }) => (
        <p key={kind}>{text}</p>
      ))}
      <Field
        kind="choice"
        as="checkbox"
        name={sureField(dial)}
        label="Подтверждение"
        options={[{ value: open.sure, label: rollover ? 'Да, счётчик прошёл через ноль' : 'Да, всё верно' }]}
      />
      <p>Отметьте и нажмите «Сохранить». Если ошиблись, исправьте показание выше.</p>
    </Notice>
  );
}

/** A picture of the dial, or that one waits already. */
export function PhotoEntry({
  dial,
  errors,
  open,
}: {
  dial: Dial;
  errors: readonly FieldError[];
  open: OpenDial | undefined;
}) {
  const field = photoField(dial);
  const error = errorOf(errors, field);
  return (
    <details class="dial__more" open={error !== undefined}>
      <summary>{open?.kept ? 'Фото приложено' : 'Приложить фото прибора'}</summary>
      {open?.kept && <input type="hidden" name={keptField(dial)} value={open.kept} />}
      <file-limit bytes={String(PHOTO_LIMIT)} refusal={PHOTO_TOO_LARGE}>
        <Field
          kind="file"
          name={field}
          label={open?.kept ? 'Другое фото' : 'Фото прибора'}
          accept="image/*"
          hint="Необязательно. До 10 МБ. Место и время съёмки мы удалим, фото увидит только организация, которая получит показание."
          error={error}
        />
      </file-limit>
    </details>
  );
}
