import type { Selectable } from 'kysely';
import type { Typed } from '../../platform/http/forms.ts';
import {
  Button,
  ButtonLink,
  Card,
  ErrorSummary,
  type FieldError,
  Form,
  Notice,
  PageTitle,
  Stack,
} from '../../ui/index.ts';
import { CardFields } from './card-form.tsx';
import { RequisitesCard } from './organisation-page.tsx';
import type { OrganisationTable, RequisiteTable } from './tables.ts';

interface OwnCardProps {
  card: Selectable<OrganisationTable>;
  requisites: readonly Selectable<RequisiteTable>[];
  /** Values and errors of the card's form. */
  values: Typed;
  errors: readonly FieldError[];
  isHead: boolean;
  /** Changes bank accounts, with a second person. */
  mayAsk: boolean;
  saved: boolean;
  token: string;
}

/** «Карточка организации»: the head changes it, a clerk sees what residents see. */
export function OwnCardPage({ card, requisites, values, errors, isHead, mayAsk, saved, token }: OwnCardProps) {
  return (
    <Stack>
      <PageTitle
        kicker="Карточка организации"
        lead="Эти сведения видят жители ваших домов и все посетители."
        actions={
          <ButtonLink kind="secondary" href={`/organisations/${card.organisation_id}`}>
            Как видят жители
          </ButtonLink>
        }
      >
        {card.short_name}
      </PageTitle>
      {saved && (
        <Notice tone="good" announce title="Карточка сохранена">
          Жители уже видят новые сведения.
        </Notice>
      )}
      {!isHead && <Notice title="Карточку меняет руководитель организации">Вам она показана для сведения.</Notice>}
      <ErrorSummary errors={errors} />
      {isHead && (
        <Card note={`ОГРН ${card.ogrn}, КПП ${card.kpp || 'нет'}: их меняет администратор`}>
          <Form action="/work/organisation" csrf={token} marksRequired label="Карточка организации">
            <CardFields {...{ values, errors }} />
            <Button>Сохранить</Button>
          </Form>
        </Card>
      )}
      {requisites.length > 0 && <RequisitesCard requisites={requisites} changedAt={card.requisites_changed_at} />}
      {mayAsk && (
        <ButtonLink kind="secondary" icon="wallet" href="/work/organisation/requisites">
          Банковские счета
        </ButtonLink>
      )}
    </Stack>
  );
}
