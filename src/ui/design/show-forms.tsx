import { AddressLevels, AddressSearch } from '../address-picker.tsx';
import { Actions, Button } from '../button.tsx';
import { ChoiceTree } from '../choice-tree.tsx';
import { Chosen } from '../chosen.tsx';
import { Dialog, DialogOpener } from '../dialog.tsx';
import { ErrorSummary, errorOf, type FieldError } from '../error-summary.tsx';
import { Field } from '../field.tsx';
import { Filter } from '../filter.tsx';
import { FieldGroup, Form } from '../form.tsx';
import { Section } from './section.tsx';

const ERRORS: readonly FieldError[] = [
  { field: 'water', message: 'Показание меньше прошлого: 124,5. Проверьте цифры' },
  { field: 'born', message: 'Такой даты нет. Напишите её так: 15.11.2026' },
  { field: 'why', message: 'Напишите, что случилось' },
  { field: 'channel', message: 'Выберите, как вам ответить' },
  { field: 'agree', message: 'Без согласия отправить обращение нельзя' },
];
const TOPICS = [
  { value: '1', label: 'Проблемы, относящиеся к придомовой территории' },
  { value: '3', label: 'Проблемы, связанные с ошибками в квитанциях, оплате, договорах и т.п.' },
  { value: '4', label: 'Другая тема' },
];
const CHANNELS = [
  { value: 'cabinet', label: 'В личном кабинете', hint: 'Придёт ещё и письмо' },
  { value: 'mail', label: 'Письмом на бумаге' },
  { value: 'phone', label: 'По телефону', disabled: true },
];

export function FieldSamples() {
  return (
    <>
      <Section id="fields" title="Поля">
        <Form action="#fields" idempotencyKey="design-sample" marksRequired label="Поля без ошибок">
          <Field
            kind="text"
            name="name"
            label="Фамилия"
            required
            autocomplete="family-name"
            value="Константинопольская-Преображенская"
          />
          <Field
            kind="number"
            name="cold"
            label="Холодная вода, сейчас"
            unit="м³"
            hint="В прошлый раз, 20 октября: 124,5"
            value="128,4"
          />
          <Field kind="money" name="amount" label="Сумма" value="5 123,45" required />
          <Field kind="date" name="day" label="Дата поверки" />
          <Field kind="text" name="flat" label="Номер помещения" short hint="Квартира или комната" hintHidden />
          <Field kind="text" name="fixed" label="Муниципальное образование" disabled value="Тимирязевский" />
          <Field
            kind="choice"
            as="select"
            name="topic"
            label="Тема обращения"
            placeholder="Выберите тему"
            options={TOPICS}
          />
          <Field kind="choice" as="radio" name="answer" label="Как вам ответить" options={CHANNELS} value="cabinet" />
          <Field
            kind="choice"
            as="checkbox"
            name="warn"
            label="О чём предупреждать"
            options={TOPICS}
            value={['1', '4']}
          />
          <Field
            kind="file"
            name="files"
            label="Прикрепленные файлы"
            multiple
            accept=".pdf,.jpg"
            hint="Не больше 50 МБ каждый; PDF, RTF, DOC, DOCX, XLS, XLSX, JPEG, TIFF"
          />
          <Actions>
            <Button>Отправить</Button>
            <a href="#fields">Отменить</a>
          </Actions>
        </Form>
      </Section>
      <Section id="errors" title="Поля с ошибками">
        <ErrorSummary errors={ERRORS} />
        <Form action="#errors" label="Поля с ошибками">
          <Field
            kind="number"
            name="water"
            label="Горячая вода"
            unit="м³"
            value="12,4"
            error={errorOf(ERRORS, 'water')}
          />
          <FieldGroup legend="О заявителе">
            <Field kind="date" name="born" label="Дата рождения" value="31.02.1950" error={errorOf(ERRORS, 'born')} />
            <Field kind="text" name="why" label="Текст обращения" rows={4} required error={errorOf(ERRORS, 'why')} />
          </FieldGroup>
          <Field
            kind="choice"
            as="radio"
            name="channel"
            label="Как вам ответить"
            required
            options={CHANNELS}
            error={errorOf(ERRORS, 'channel')}
          />
          <Field
            kind="choice"
            as="checkbox"
            name="agree"
            label="Согласие"
            required
            options={[{ value: 'yes', label: 'Согласен на передачу обращения' }]}
            error={errorOf(ERRORS, 'agree')}
          />
        </Form>
      </Section>
    </>
  );
}

const TREE = [
  {
    key: '1',
    label: '1. Проблемы, относящиеся к придомовой территории',
    options: [
      { value: '1.1', label: '1.1. Не работает уличное освещение' },
      { value: '1.10', label: '1.10. Опасные объекты во дворах', hint: 'Сначала позвоните в аварийную службу' },
    ],
  },
  { key: '4', label: '4. Другая тема', options: [], option: { value: '4', label: '4. Другая тема' } },
];

/** Values that are chosen in a window of their own, and one choice among many in groups that fold. */
export function ChosenSamples() {
  const action = { choose: 'Выбрать адрес', change: 'Изменить адрес' };
  return (
    <Section id="chosen" title="Выбор в окне">
      <Form action="#chosen" label="Выбор в окне">
        <Chosen
          name="empty-place"
          label="Адрес дома/территории"
          required
          icon="map-pin"
          empty="Адрес не выбран"
          submit={{ name: 'go', value: 'address' }}
          action={action}
          error="Укажите адрес дома или территории"
        />
        <Chosen
          name="place"
          label="Адрес дома/территории"
          required
          icon="map-pin"
          value="127322, г. Москва, ул. Милашенкова, д. 12, корп. 1"
          hint="Из ваших лицевых счетов"
          submit={{ name: 'go', value: 'address' }}
          action={action}
        />
        <ChoiceTree name="tree" label="Тема обращения" groups={TREE} value="1.10" />
        <ChoiceTree name="wrong-tree" label="Тема обращения" groups={TREE} error="Выберите тему из списка" />
      </Form>
    </Section>
  );
}

export function AddressSamples() {
  return (
    <Section id="address" title="Адрес">
      <AddressSearch
        action="#address"
        name="street"
        query="милашенкова 12"
        results={[
          {
            id: '1',
            label: '127322, г. Москва, ул. Милашенкова, д. 12, корп. 1',
            hint: 'ООО «Тёплый дом»',
            href: '#address',
          },
          { id: '2', label: '127322, г. Москва, ул. Милашенкова, д. 12, корп. 2', hint: 'Дома ещё нет в системе' },
        ]}
      />
      <AddressSearch action="#address" name="lost" query="улица Потерянная" results={[]} />
      <AddressLevels
        action="#address"
        chooseAction="#address"
        cancelHref="#address"
        complete
        found={[{ label: 'Индекс', value: '127220' }]}
        levels={[
          {
            key: 'region',
            label: 'Субъект РФ',
            placeholder: 'Выберите субъект',
            options: [{ value: '77', label: 'г. Москва' }],
            selected: '77',
          },
          { key: 'district', label: 'Район', placeholder: 'Выберите район', options: [], disabled: true },
          {
            key: 'plan',
            label: 'Элемент планировочной структуры',
            placeholder: 'Выберите элемент планировочной структуры',
            options: [],
          },
          {
            key: 'road',
            label: 'Улица',
            placeholder: 'Выберите улицу',
            options: [{ value: '5', label: 'проезд Петровско-Разумовский' }],
            selected: '5',
          },
          {
            key: 'house',
            label: 'Номер здания',
            placeholder: 'Выберите здание',
            options: [{ value: '9', label: '12' }],
            selected: '9',
          },
        ]}
      />
    </Section>
  );
}

export function DialogSamples() {
  return (
    <Section id="dialogs" title="Окна и поиск">
      <DialogOpener dialog="confirm" href="#dialogs">
        Отправить обращение
      </DialogOpener>
      <Dialog id="confirm" title="Отправить обращение?">
        <p>Проверьте данные: после отправки изменить обращение нельзя.</p>
        <Form action="#dialogs" label="Подтверждение">
          <Actions>
            <Button>Да, отправить</Button>
          </Actions>
        </Form>
      </Dialog>
      <Filter action="#dialogs" active={2} resetHref="#dialogs" label="Поиск обращений" openLabel="Свернуть поиск">
        <Field kind="text" name="number" label="Номер обращения" value="77-2026" />
        <Field
          kind="choice"
          as="select"
          name="status"
          label="Статус обращения"
          placeholder="Любой"
          options={[{ value: 's', label: 'Отправлено' }]}
          value="s"
        />
        <Field kind="text" name="place" label="Адрес дома/территории" />
      </Filter>
    </Section>
  );
}
