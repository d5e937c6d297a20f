import type { FieldError } from '../../../platform/errors.ts';
import type { Typed } from '../../../platform/http/forms.ts';
import { errorOf, Field, Notice } from '../../../ui/index.ts';
import { BELOW, dataFieldOf, PASS_OVER, topFieldOf } from '../mapping-fields.ts';
import type { AskedSheet } from '../upload.ts';

interface Props {
  asked: AskedSheet;
  index: number;
  errors: readonly FieldError[];
  answers: Typed;
}

/** Where the headings of a sheet stand, when they were not found or only one of them was. */
export function HeadingRows({ asked: { rows, guess, optional }, index, errors, answers }: Props) {
  const [top, data] = [topFieldOf(index), dataFieldOf(index)];
  const shown = (list: AskedSheet['rows']) =>
    list.map(({ row, text }) => ({ value: String(row), label: `Строка ${row}: ${text}` }));
  return (
    <>
      <Notice tone="warn" title={guess ? 'Узнали только один заголовок' : 'Не нашли строку с заголовками'}>
        {guess
          ? 'Проверьте, в той ли строке заголовки. Если в той, укажите ниже, что в столбцах; если нет, выберите другую, и мы спросим о её столбцах.'
          : 'Выберите строку, в которой названы столбцы. Затем мы спросим, что в каждом из них.'}
      </Notice>
      <Field
        kind="choice"
        as="select"
        name={top}
        label="Заголовки стоят в строке"
        hint="Если заголовки в несколько строк, выберите верхнюю."
        value={answers[top] ?? (guess ? String(guess.top) : '')}
        error={errorOf(errors, top)}
        required
        options={[
          ...(guess ? [] : [{ value: '', label: 'Выберите строку' }]),
          ...shown(rows.filter(({ heading }) => heading)),
          ...(optional ? [{ value: PASS_OVER, label: 'Не читать этот лист' }] : []),
        ]}
      />
      <Field
        kind="choice"
        as="select"
        name={data}
        label="Данные начинаются со строки"
        value={answers[data] ?? (guess?.data ? String(guess.data) : BELOW)}
        error={errorOf(errors, data)}
        options={[{ value: BELOW, label: 'Сразу под заголовками' }, ...shown(rows)]}
      />
    </>
  );
}
