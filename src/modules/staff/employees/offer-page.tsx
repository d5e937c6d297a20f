import {
  Actions,
  Button,
  ButtonLink,
  Card,
  DefinitionList,
  Form,
  formatDate,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { fullName } from '../../identity/index.ts';
import { roleWords, ZONE } from '../staff.ts';
import type { Obstacle, Offer } from './accept-invitation.ts';

const OBSTACLES: Readonly<Record<Obstacle, { title: string; text: (offer: Offer) => string }>> = {
  revoked: {
    title: 'Приглашение отозвано',
    text: ({ organisation }) =>
      `${organisation.name} больше не предлагает эту работу. Если это ошибка, попросите пригласить вас снова.`,
  },
  used: {
    title: 'Приглашение уже принято',
    text: () =>
      'Ссылка срабатывает один раз. Если его приняли вы, выберите организацию на странице «От чьего имени вы действуете».',
  },
  expired: {
    title: 'Срок приглашения прошёл',
    text: ({ invitation }) =>
      `Ссылка действовала до ${formatDateTime(invitation.expiresAt, ZONE)}. Попросите отправить приглашение ещё раз.`,
  },
  unanswered: {
    title: 'Приглашение больше не действует',
    text: ({ organisation }) =>
      `Тот, кто вас пригласил, больше не руководит этой организацией. Попросите нынешнего руководителя (${organisation.name}) отправить приглашение ещё раз.`,
  },
  unconfirmed: {
    title: 'Нужна подтверждённая учётная запись',
    text: () => 'Вы вошли учётной записью, которая не подтверждена. Подтвердите её и откройте эту ссылку снова.',
  },
  'other person': {
    title: 'Приглашение выписано на другое имя',
    text: ({ person, invitation }) =>
      `Приглашали ${invitation.familyName} ${invitation.givenName}, а вы вошли как ${fullName(person)}. Если это вы, попросите исправить имя в приглашении. Если нет, войдите другой учётной записью.`,
  },
  'works already': {
    title: 'Вы уже работаете в этой организации',
    text: () => 'Принимать приглашение не нужно. Права меняет руководитель на странице «Сотрудники».',
  },
};

/** What is offered, by whom, and the one button; or why it cannot be accepted. */
export function OfferPage({ offer, path, token }: { offer: Offer; path: string; token: string }) {
  const { invitation, organisation, inviter, houses, obstacle, person } = offer;
  return (
    <Stack>
      <PageTitle kicker="Приглашение" lead={`Вас приглашают работать в личном кабинете от имени организации.`}>
        {organisation.name}
      </PageTitle>
      {obstacle && (
        <Notice tone="warn" title={OBSTACLES[obstacle].title}>
          {OBSTACLES[obstacle].text(offer)}
        </Notice>
      )}
      <Card title="Что предлагают">
        <DefinitionList
          items={[
            { term: 'Организация', value: `${organisation.fullName}, ИНН ${organisation.inn}` },
            { term: 'Роль', value: roleWords(invitation.role, organisation.powers) },
            {
              term: 'Дома',
              value: invitation.limited ? houses.join('; ') || 'выберет руководитель' : 'все дома организации',
            },
            { term: 'До какого дня', value: invitation.until ? formatDate(invitation.until) : 'без срока' },
            { term: 'Кто пригласил', value: inviter },
            { term: 'Вы вошли как', value: fullName(person) },
          ]}
        />
        {obstacle === null && (
          <>
            <p>Руководитель увидит ваше имя. Ваши лицевые счета и обращения жителя он не увидит.</p>
            <Form action={path} csrf={token} label="Принять приглашение">
              <Button wide>Принять приглашение</Button>
            </Form>
          </>
        )}
      </Card>
      <Actions>
        {obstacle === 'used' || obstacle === 'works already' ? (
          <ButtonLink kind="secondary" href="/acting">
            От чьего имени действовать
          </ButtonLink>
        ) : (
          <ButtonLink kind="quiet" href="/">
            На главную
          </ButtonLink>
        )}
      </Actions>
      {obstacle === 'other person' && (
        <Form action="/sign-out" csrf={token} label="Выйти">
          <Button kind="quiet">Выйти и войти другой учётной записью</Button>
        </Form>
      )}
    </Stack>
  );
}
