import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../../pages/page.tsx';
import type { Context } from '../../platform/context.ts';
import { NotFound } from '../../platform/errors.ts';
import { keepCookie, readCookie } from '../../platform/http/cookies.ts';
import { limitsOf } from '../../platform/http/limits.ts';
import { isUuid } from '../../platform/ids.ts';
import { AddressLevels, EmptyState, ErrorSummary, errorOf, Field, Notice, PageTitle, Stack } from '../../ui/index.ts';
import { access } from './access.ts';
import { fillPicker, PICKER_ROWS, type Picker, type PickerInput, type RowKey, type Selection } from './fill-picker.ts';
import { findAddress } from './find-address.ts';
import type { HouseCodes } from './find-by-codes.ts';
import { hiddenReturn, type ReturnTo, readReturn, returnFields, returnWith } from './return-to.ts';

const guid = z.string().max(36).catch('');
const keys = Object.fromEntries(PICKER_ROWS.map(({ key }) => [key, guid])) as Record<RowKey, typeof guid>;
const query = returnFields.extend({
  ...keys,
  /** A place to begin from, of any level. */
  place: guid,
  was: z.string().max(400).optional().catch(undefined),
  code: z.string().max(2000).catch(''),
  was_code: z.string().max(2000).catch(''),
  find: z.string().max(100).catch(''),
});
type Query = z.output<typeof query>;

const REGION_COOKIE = 'domovoy_region';
const YEAR_SECONDS = 365 * 24 * 3600;

/** The window «Выбор адреса»: a chain of GET forms, each page filled by what is chosen so far. */
export function registerAddressPicker(app: FastifyInstance, context: Context, houseCodes?: HouseCodes): void {
  const config = { access: access.chooseAddress, rateLimit: limitsOf(context.config).search };
  app.get('/addresses/choose', { config }, async (request, reply) => {
    const input = query.parse(request.query);
    const back = readReturn(input);
    const picker = await fillPicker(context.db, readInput(input, readCookie(request, REGION_COOKIE)), houseCodes);
    const region = picker.rows[0]?.selected;
    // The last choice of the region is remembered; it says nothing else of the person.
    if (region) keepCookie(reply, REGION_COOKIE, region, YEAR_SECONDS);
    return sendPage(
      request,
      reply,
      { title: 'Выбор адреса', elements: ['address-levels'] },
      <ChoosePage {...{ picker, back, code: input.code, find: input.find }} />,
    );
  });

  app.get('/addresses/chosen', { config }, async (request, reply) => {
    const input = query.parse(request.query);
    const address = await findAddress(context.db, input.house);
    if (!address) throw new NotFound('Такого дома нет в адресном реестре. Вернитесь и выберите дом из списка.');
    return reply.redirect(returnWith(readReturn(input), address.guid), 303);
  });
}

/** The rows as they were shown go along in one field, «,» between them. */
const joinSelection = (selection: Selection): string => PICKER_ROWS.map(({ key }) => selection[key] ?? '').join(',');

function readInput(input: Query, rememberedRegion: string | undefined): PickerInput {
  const selected: Selection = Object.fromEntries(PICKER_ROWS.map(({ key }) => [key, input[key]]));
  const before = input.was?.split(',');
  const was: Selection | null = before
    ? Object.fromEntries(PICKER_ROWS.map(({ key }, index) => [key, before[index] ?? '']))
    : null;
  if (input.place) selected.street = input.place;
  else if (!before && !input.region && rememberedRegion && isUuid(rememberedRegion)) selected.region = rememberedRegion;
  // A code counts once: after that the rows say what is chosen.
  return { selected, was, code: input.code === input.was_code ? '' : input.code, find: input.find };
}

interface ChoosePageProps {
  picker: Picker;
  back: ReturnTo;
  code: string;
  find: string;
}

function ChoosePage({ picker, back, code, find }: ChoosePageProps) {
  const { rows, address } = picker;
  if (rows[0]!.total === 0)
    return (
      <Stack>
        <PageTitle>Выбор адреса</PageTitle>
        <EmptyState title="Адреса ещё не загружены">
          Их загружает оператор системы из государственного адресного реестра. Попробуйте позже.
        </EmptyState>
      </Stack>
    );
  const selection: Selection = Object.fromEntries(rows.map(({ key, selected }) => [key, selected ?? '']));
  const hidden = { ...hiddenReturn(back), was: joinSelection(selection), was_code: code };
  const errors = picker.unknown.length > 0 ? [{ field: 'code', message: unknownCodes(picker.unknown) }] : [];
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="Выберите регион, улицу и дом. Если вы знаете код дома, впишите его — остальное заполнится само.">
        Выбор адреса
      </PageTitle>
      <CodeAnswers picker={picker} back={back} />
      <AddressLevels
        action="/addresses/choose"
        chooseAction="/addresses/chosen"
        cancelHref={back.path}
        complete={address !== null}
        hidden={hidden}
        levels={rows.map((row, index) => ({
          key: row.key,
          label: row.label,
          placeholder:
            row.total > row.options.length && row.options.length < 2 ? 'Впишите начало названия' : row.placeholder,
          options: row.options.map(({ guid: value, label }) => ({ value, label })),
          selected: row.selected ?? undefined,
          disabled: row.total === 0,
          clearHref: row.selected ? clearHref(selection, index, back) : undefined,
        }))}
        found={address ? foundFacts(address) : []}
      >
        {rows.some(({ total, options }) => total > options.length) && (
          <Field
            kind="text"
            name="find"
            label="Начало названия"
            hint="Список длинный: впишите первые буквы и нажмите «Дальше»"
            value={find}
          />
        )}
        <div class="level level--wide">
          <Field
            kind="text"
            name="code"
            label="Классификационный код"
            placeholder="Введите полностью код или несколько кодов дома"
            hint={CODE_HINT}
            value={code}
            maxLength={2000}
            error={errorOf(errors, 'code')}
          />
        </div>
        <Field
          kind="text"
          name="index"
          label="Индекс"
          disabled
          value={address?.postalIndex ?? ''}
          hint="Заполняется сам"
          short
        />
      </AddressLevels>
    </Stack>
  );
}

const CODE_HINT =
  'Код дома по ФИАС (ГАР), кадастровый номер дома, код дома в ГИС ЖКХ, код КЛАДР дома или улицы, ОКТМО. Несколько — через запятую';

const unknownCodes = (codes: readonly string[]): string =>
  `Нет дома или улицы с кодом ${codes.join(', ')}. Впишите код полностью.`;

const foundFacts = ({ full, municipality, oktmo }: NonNullable<Picker['address']>) => [
  { label: 'Адрес', value: full },
  ...(municipality ? [{ label: 'Муниципальное образование', value: municipality.name }] : []),
  ...(oktmo ? [{ label: 'ОКТМО', value: oktmo }] : []),
];

/** The page with the rows above the given one: a cleared row takes those below along. */
function clearHref(selection: Selection, index: number, back: ReturnTo): string {
  const kept = Object.fromEntries(PICKER_ROWS.slice(0, index).map(({ key }) => [key, selection[key] ?? '']));
  const parameters = { ...hiddenReturn(back), ...kept, was: joinSelection(kept) };
  return `/addresses/choose?${new URLSearchParams(parameters)}`;
}

/** Codes that name several houses or several places: one of them is chosen here. */
function CodeAnswers({ picker, back }: { picker: Picker; back: ReturnTo }) {
  const { named, namedPlaces } = picker;
  if (named.length > 0)
    return (
      <Choices
        title="По этим кодам нашлось несколько домов. Выберите один"
        back={back}
        choices={named.map(({ guid, full }) => ({ key: 'house', guid, label: full }))}
      />
    );
  if (namedPlaces.length > 0)
    return (
      <Choices
        title="По этим кодам нашлось несколько мест. Выберите одно, затем дом"
        back={back}
        choices={namedPlaces.map(({ guid, label }) => ({ key: 'place', guid, label }))}
      />
    );
  return null;
}

interface ChoicesProps {
  title: string;
  back: ReturnTo;
  choices: readonly { key: 'house' | 'place'; guid: string; label: string }[];
}

const Choices = ({ title, back, choices }: ChoicesProps) => (
  <Notice title={title}>
    <ul>
      {choices.map(({ key, guid, label }) => (
        <li key={guid}>
          <a href={`/addresses/choose?${new URLSearchParams({ ...hiddenReturn(back), [key]: guid })}`}>{label}</a>
        </li>
      ))}
    </ul>
  </Notice>
);
