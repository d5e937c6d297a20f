import type { FieldError } from '../../../../platform/errors.ts';
import {
  Button,
  ButtonLink,
  Card,
  EmptyState,
  ErrorSummary,
  errorOf,
  Field,
  Filter,
  Form,
  Pager,
  PageTitle,
  Stack,
  Table,
} from '../../../../ui/index.ts';
import type { Municipality } from '../../../addresses/index.ts';
import type { Draft } from '../../draft.ts';
import { draftPath } from './draft-paths.ts';

interface MunicipalityPageProps {
  draft: Draft;
  regions: readonly { code: string; name: string }[];
  region: string;
  query: string;
  rows: readonly Municipality[];
  /** The register of this region is not loaded: its name is typed. */
  isUnknown: boolean;
  first: string | undefined;
  next: string | undefined;
  errors: readonly FieldError[];
  token: string;
}

/** «Муниципальное образование» chosen by hand, where the address does not tell it (S-APP-12). */
export function MunicipalityPage(props: MunicipalityPageProps) {
  const { draft, regions, region, query, errors } = props;
  const here = draftPath(draft.draftId, 'municipality');
  return (
    <Stack>
      <ErrorSummary errors={errors} />
      <PageTitle lead="По нему мы найдём, кто отвечает за эту территорию.">Муниципальное образование</PageTitle>
      <Filter
        action={here}
        active={1}
        resetHref={here}
        label="Поиск муниципального образования"
        openLabel="Свернуть поиск"
      >
        <Field
          kind="choice"
          as="select"
          name="region"
          label="Субъект РФ"
          placeholder="Выберите субъект РФ"
          value={region}
          options={regions.map(({ code, name }) => ({ value: code, label: name }))}
          error={errorOf(errors, 'region')}
        />
        <Field kind="text" name="q" label="Наименование" value={query} autocomplete="off" maxLength={200} />
      </Filter>
      {region !== '' && <Found {...props} />}
      <p>
        <ButtonLink kind="quiet" icon="arrow-left" href={draftPath(draft.draftId)}>
          Вернуться к обращению
        </ButtonLink>
      </p>
    </Stack>
  );
}

function Found({ draft, region, rows, isUnknown, first, next, errors, token }: MunicipalityPageProps) {
  const here = draftPath(draft.draftId, 'municipality');
  if (isUnknown)
    return (
      <Card title="Впишите название" note="Список муниципальных образований этого региона ещё не загружен">
        <Form action={here} csrf={token} hidden={{ region }}>
          <Field
            kind="text"
            name="name"
            label="Муниципальное образование"
            required
            maxLength={200}
            hint="Район, город или округ, например: город Рязань"
            error={errorOf(errors, 'name')}
          />
          <Button>Выбрать</Button>
        </Form>
      </Card>
    );
  return (
    <Card title="Результаты поиска">
      <Form action={here} csrf={token} hidden={{ region }} wide>
        <Table
          caption="Муниципальные образования"
          captionHidden
          rows={rows}
          rowKey={({ oktmo, name }) => `${oktmo} ${name}`}
          empty={<EmptyState title="Такого названия нет">Попробуйте часть названия или другой регион.</EmptyState>}
          columns={[
            {
              key: 'name',
              title: 'Наименование',
              heading: true,
              cell: ({ name, within }) => [name, within].filter(Boolean).join(', '),
            },
            { key: 'oktmo', title: 'ОКТМО', cell: ({ oktmo }) => oktmo },
            {
              key: 'choose',
              title: 'Выбор',
              cell: ({ oktmo, name }) => (
                <Button kind="secondary" name="oktmo" value={oktmo}>
                  Выбрать<span class="visually-hidden"> {name}</span>
                </Button>
              ),
            },
          ]}
        />
      </Form>
      <Pager label="Страницы муниципальных образований" previous={first} next={next} />
    </Card>
  );
}
