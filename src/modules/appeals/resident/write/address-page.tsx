import type { FieldError } from '../../../../platform/errors.ts';
import {
  Actions,
  AddressLine,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../../../ui/index.ts';
import type { Draft } from '../../draft.ts';
import type { Place } from '../../find-place.ts';
import type { OwnHome } from '../../own-homes.ts';
import { draftPath } from './draft-paths.ts';

interface AddressPageProps {
  draft: Draft;
  homes: readonly OwnHome[];
  /** What was looked for in one line, and what was found. */
  query: string;
  results: readonly { guid: string; full: string }[] | undefined;
  /** No house has the number that was typed: the results are near ones. */
  isNear: boolean;
  /** A house that was found and waits for «Выбрать». */
  chosen: Place | null;
  /** Of the form for places that no register has. */
  typed: { place: string; kind: string };
  errors: readonly FieldError[];
  token: string;
}

/** The address of an appeal: an own home, a line, the window of levels, or words for what no register has. */
export function AddressPage({ draft, homes, query, results, isNear, chosen, typed, errors, token }: AddressPageProps) {
  const here = draftPath(draft.draftId, 'address');
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="О каком доме или месте обращение?">Выбор адреса</PageTitle>
      {chosen ? (
        <ChosenHouse {...{ draft, chosen, token }} />
      ) : (
        <>
          {homes.length > 0 && <Homes {...{ draft, homes, token }} />}
          <Card title="Найти дом">
            <Stack>
              {isNear && (
                <Notice title="Дома с таким номером в адресном реестре нет" announce>
                  Ниже похожие адреса. Проверьте номер, выберите адрес по шагам или опишите место словами.
                </Notice>
              )}
              <search>
                <Form action={here} method="get" label="Поиск дома">
                  <AddressLine
                    query={query}
                    results={results?.map(({ guid, full }) => ({
                      id: guid,
                      label: full,
                      href: `${here}?${new URLSearchParams({ address: guid })}`,
                    }))}
                  />
                </Form>
              </search>
              <p>
                <ButtonLink
                  kind="secondary"
                  href={`/addresses/choose?${new URLSearchParams({ return_to: here, param: 'address' })}`}
                >
                  Выбрать адрес по шагам
                </ButtonLink>
              </p>
            </Stack>
          </Card>
          <Unlisted {...{ draft, typed, errors, token }} />
        </>
      )}
      <p>
        <ButtonLink kind="quiet" icon="arrow-left" href={draftPath(draft.draftId)}>
          Вернуться к обращению
        </ButtonLink>
      </p>
    </Stack>
  );
}

function Homes({ draft, homes, token }: Pick<AddressPageProps, 'draft' | 'homes' | 'token'>) {
  return (
    <Card title="Ваши дома">
      <Form action={draftPath(draft.draftId, 'address')} csrf={token}>
        <div class="tap-choices">
          {homes.map(({ label }, index) => (
            <Button key={label} kind="secondary" icon="house" name="home" value={String(index)}>
              {label}
            </Button>
          ))}
        </div>
      </Form>
    </Card>
  );
}

function ChosenHouse({ draft, chosen, token }: { draft: Draft; chosen: Place; token: string }) {
  const here = draftPath(draft.draftId, 'address');
  return (
    <Card title={chosen.address}>
      <Form action={here} csrf={token} hidden={{ address: chosen.fiasGuid! }}>
        <DefinitionList
          items={[
            { term: 'Муниципальное образование', value: chosen.municipality, empty: 'Выберете сами на следующем шаге' },
            ...(chosen.oktmo ? [{ term: 'ОКТМО', value: chosen.oktmo }] : []),
          ]}
        />
        <Field
          kind="text"
          name="flat"
          label="Номер помещения"
          short
          maxLength={100}
          hint="Квартира или комната, если вопрос о ней"
          value={draft.fiasGuid === chosen.fiasGuid ? draft.flat : ''}
        />
        <Actions>
          <Button>Выбрать</Button>
          <ButtonLink kind="quiet" href={here}>
            Другой адрес
          </ButtonLink>
        </Actions>
      </Form>
    </Card>
  );
}

/** A yard, a street, or a house that the register does not have. */
function Unlisted({ draft, typed, errors, token }: Pick<AddressPageProps, 'draft' | 'typed' | 'errors' | 'token'>) {
  return (
    <Card
      title="Дома нет в списке, или это двор, улица, сквер"
      note="Опишите место словами, затем выберите муниципальное образование"
    >
      <Form action={draftPath(draft.draftId, 'address')} csrf={token}>
        <Field
          kind="choice"
          as="radio"
          name="kind"
          label="Что это"
          value={typed.kind || 'territory'}
          options={[
            { value: 'territory', label: 'Двор, улица или другое место' },
            { value: 'house', label: 'Дом, которого нет в списке' },
          ]}
        />
        <Field
          kind="text"
          name="place"
          label="Где это"
          maxLength={500}
          hint="Например: детская площадка во дворе между домами 5 и 7 по улице Лескова"
          value={typed.place}
          error={errorOf(errors, 'place')}
        />
        <Button kind="secondary">Дальше</Button>
      </Form>
    </Card>
  );
}
