import type { ComponentChildren } from 'preact';
import {
  ActionCard,
  AddressSearch,
  ButtonLink,
  Card,
  CardGrid,
  counted,
  formatDate,
  Hero,
  Notice,
  Stack,
} from '../../ui/index.ts';
import { ConfirmationNotice, type Person } from '../identity/index.ts';
import { APPLICATIONS } from '../staff/index.ts';
import { AppealCards } from './appeal-cards.tsx';
import type { FoundOrganisation } from './find-house.ts';
import { InspectorateCard, type Support } from './find-page.tsx';
import type { LaterDuty } from './publication-duty.ts';

interface UnconnectedProps {
  /** Set while the account of the identity provider is not confirmed: what is missing is said first. */
  unconfirmed: Person | null;
  pending: number;
  /** ОГРН of organisations that the person heads and that are not here. */
  heads: readonly string[];
  later: readonly LaterDuty[];
  inspectorate: FoundOrganisation | null;
  support: Support;
  unreadAppeals: number;
  /** Says that letters do not reach the person. */
  refused: ComponentChildren;
}

/** The home page before the first account is connected (S-HOME-1 … S-HOME-16). */
export function UnconnectedPage(props: UnconnectedProps) {
  const { unconfirmed, pending, heads, later, inspectorate, support, unreadAppeals, refused } = props;
  return (
    <Stack>
      {pending > 0 && <PendingNotice pending={pending} />}
      {heads.length > 0 && (
        <Notice title="Ваша организация здесь ещё не работает">
          <p>Сервис входа называет вас её руководителем: ОГРН {heads.join(', ')}.</p>
          <ButtonLink kind="secondary" href={APPLICATIONS}>
            Регистрация организации
          </ButtonLink>
        </Notice>
      )}
      {unconfirmed && <ConfirmationNotice person={unconfirmed} />}
      {refused}
      <Hero
        title="Добро пожаловать в личный кабинет!"
        lead="Подключите лицевой счёт: это номер из квитанции. Возможности кабинета постоянно расширяются."
      >
        {!unconfirmed && (
          <ButtonLink href="/accounts/connect" icon="link" wide>
            Подключить лицевой счет к Личному кабинету
          </ButtonLink>
        )}
      </Hero>
      <Card title="Для того, чтобы:">
        <ol>
          <li>получать начисления и оплачивать их на портале,</li>
          <li>контролировать потребление коммунальных услуг и платежи за них,</li>
          <li>передавать показания приборов учёта, —</li>
        </ol>
        <p>
          проверьте, что лицевой счёт подключён. Когда он подключён, в меню есть раздел «Подключенные ЛС к Личному
          кабинету», на телефоне — «Мои счета». Если раздела нет, подключите счёт сами.
        </p>
      </Card>
      <CardGrid label="Действия">
        <ActionCard
          href="/pay/any"
          icon="wallet"
          title="Оплатить ЖКУ по любому лицевому счету"
          text="Подключать счёт для этого не нужно"
        />
        <AppealCards unread={unreadAppeals} />
        <ActionCard href="/help" icon="life-buoy" title="Справка" text="Счёт или организация не находятся" />
      </CardGrid>
      <Help later={later} isInspectorateKnown={inspectorate !== null} />
      <InspectorateCard {...{ inspectorate, support }} />
      {later.length > 0 && <LaterNotice later={later} />}
    </Stack>
  );
}

export const PendingNotice = ({ pending }: { pending: number }) => (
  <Notice title={`Ждём ответа: ${counted(pending, ['заявка', 'заявки', 'заявок'])} на подключение`}>
    Организация обязана ответить в срок. Он указан в разделе <a href="/accounts">«Лицевые счета»</a>.
  </Notice>
);

/** S-HOME-8…11: an appeal in one tap, why it does not work, and the phone as a second way. */
function Help({ later, isInspectorateKnown }: { later: readonly LaterDuty[]; isInspectorateKnown: boolean }) {
  return (
    <Card title="Если не получается" id="help">
      <ul>
        <li>
          <b>Не удалось подключить счёт.</b> <a href="/appeals/new?about=connect">Обратитесь</a> в управляющую
          организацию: она обязана выполнить просьбу. Можно и позвонить: телефон найдётся по адресу дома.{' '}
          <a href="/why/account">Почему счёт не подключается</a>
        </li>
        <li>
          <b>Дома нет в форме{later.length > 0 && '*'}.</b> <a href="/appeals/new?about=house">Сообщите об этом</a> в
          жилищную инспекцию, {isInspectorateKnown ? 'её телефон ниже.' : 'её телефон покажет поиск по адресу.'}{' '}
          <a href="/why/house">Почему дома нет</a>
        </li>
        <li>
          <b>Есть другие счета</b> — за электричество, газ и так далее. Если вы платите за них отдельно, подключите их
          так же.
        </li>
        <li>
          <b>Организация не находится.</b> Напишите в <a href="/support?about=organisation">службу поддержки</a>.
        </li>
      </ul>
      <AddressSearch action="/find" label="Адрес дома" />
    </Card>
  );
}

const LaterNotice = ({ later }: { later: readonly LaterDuty[] }) => (
  <Notice title="* Сведения могут быть показаны не полностью">
    <ul>
      {later.map(({ region, from }) => (
        <li key={region}>
          {region}: организации обязаны размещать все сведения с {formatDate(from)}
        </li>
      ))}
    </ul>
  </Notice>
);
