import type { FieldError } from '../../platform/errors.ts';
import type { Typed } from '../../platform/http/forms.ts';
import {
  Actions,
  Button,
  Card,
  Copy,
  DefinitionList,
  ErrorSummary,
  errorOf,
  Field,
  Form,
  formatDate,
  Notice,
  PageTitle,
  Stack,
  Status,
} from '../../ui/index.ts';
import type { ShopCheck } from './connect-shop.ts';
import type { ShopRow } from './queries/shops.ts';

interface ShopPageProps {
  shop: ShopRow | null;
  publicUrl: string;
  token: string;
  sent: Typed;
  errors: readonly FieldError[];
  check: ShopCheck | null;
}

/** A shop that waits for a second person. */
export interface AskedShop {
  row: ShopRow;
  organisation: string;
  who: string;
  isOwn: boolean;
  hasSecond: boolean;
}

function AskedCard({ asked, path, token }: { asked: AskedShop; path: string; token: string }) {
  const { row, organisation, who, isOwn, hasSecond } = asked;
  const hidden = { organisationId: row.organisation_id, shopId: row.shop_id };
  return (
    <Card title="Новый магазин" tone="tint" aside={<Status tone="waiting">Ждёт подтверждения</Status>}>
      <DefinitionList
        items={[
          { term: 'Организация', value: organisation },
          { term: 'Идентификатор', value: row.shop_id },
          { term: 'Кто попросил', value: who },
          { term: 'Когда', value: formatDate(row.asked_at!, 'Europe/Moscow') },
        ]}
      />
      {isOwn ? (
        <p>
          {hasSecond
            ? 'Вы попросили о нём сами: подтвердить его должен другой руководитель или бухгалтер. Мы отправили им письмо.'
            : 'Кроме вас, подтвердить некому: это сделает администратор кабинета. Мы отправили ему письмо.'}
        </p>
      ) : (
        <p>
          Сверьте идентификатор с кабинетом ЮKassa или позвоните тому, кто попросил: через этот магазин пойдут деньги
          жителей.
        </p>
      )}
      <Actions>
        {!isOwn && (
          <Form action={`${path}/confirm`} csrf={token} hidden={hidden} label="Подтвердить магазин">
            <Button>Подтвердить</Button>
          </Form>
        )}
        <Form action={`${path}/refuse`} csrf={token} hidden={hidden} label="Отказаться от магазина">
          <Button kind="secondary">{isOwn ? 'Отозвать просьбу' : 'Отказать'}</Button>
        </Form>
      </Actions>
    </Card>
  );
}

/** The head or the accountant of an organisation connects the shop that takes its payers' money. */
export function OwnShopPage(props: ShopPageProps & { asked: AskedShop | null; isFirst: boolean }) {
  return (
    <Stack>
      <ErrorSummary errors={props.errors} />
      <PageTitle lead="Деньги плательщиков приходят прямо вашей организации: кабинет их не держит.">
        Приём платежей
      </PageTitle>
      <CurrentShop
        {...props}
        path="/work/shops"
        canStop
        absent="Пока его нет и нет общего магазина, жители видят вместо кнопки оплаты реквизиты для банка."
      />
      {props.asked && <AskedCard asked={props.asked} path="/work/shops" token={props.token} />}
      <Card
        title={props.shop ? 'Заменить магазин' : 'Подключить магазин'}
        note="Номер и ключ выдаёт ЮKassa в разделе «Интеграция»"
      >
        <Form action="/work/shops" csrf={props.token} marksRequired>
          <ShopFields {...props} />
          {!props.isFirst && (
            <p>Магазин, через который деньги ещё не шли, начнёт работать, когда его подтвердит второй человек.</p>
          )}
          <Button>{props.isFirst ? 'Подключить' : 'Отправить'}</Button>
        </Form>
      </Card>
    </Stack>
  );
}

/** The administrator connects the shop that splits one payment among recipients. */
export function SplitShopPage(props: ShopPageProps & { asked: readonly AskedShop[] }) {
  return (
    <Stack>
      <ErrorSummary errors={props.errors} />
      <PageTitle lead="Через него житель оплачивает счета нескольких получателей одним платежом. Доля получателя уходит на его счёт у банка, указанный в карточке организации.">
        Общий магазин
      </PageTitle>
      <CurrentShop
        {...props}
        path="/administration/split-shop"
        canStop={false}
        absent="Пока его нет, житель платит каждому получателю отдельно, если у того есть свой магазин, а остальным — по реквизитам в своём банке."
      />
      {props.asked.length > 0 && <h2>Магазины организаций, где второго человека нет</h2>}
      {props.asked.map((asked) => (
        <AskedCard key={asked.row.organisation_id} asked={asked} path="/administration/shops" token={props.token} />
      ))}
      <Card title={props.shop ? 'Заменить магазин' : 'Подключить магазин'}>
        <Form action="/administration/split-shop" csrf={props.token} marksRequired>
          <Field
            kind="text"
            name="ogrn"
            label="ОГРН организации-оператора"
            required
            inputMode="numeric"
            hint="Её сотрудники будут разбирать спорные платежи"
            value={props.sent.ogrn}
            error={errorOf(props.errors, 'ogrn')}
          />
          <ShopFields {...props} />
          <Button>{props.shop ? 'Заменить' : 'Подключить'}</Button>
        </Form>
      </Card>
    </Stack>
  );
}

const ShopFields = ({ sent, errors }: ShopPageProps) => (
  <>
    <Field
      kind="text"
      name="shopId"
      label="Идентификатор магазина (shopId)"
      required
      autocomplete="off"
      value={sent.shopId}
      error={errorOf(errors, 'shopId')}
    />
    <Field
      kind="text"
      type="password"
      name="secret"
      label="Секретный ключ"
      required
      autocomplete="off"
      hint="Хранится зашифрованным и больше не показывается"
      error={errorOf(errors, 'secret')}
    />
  </>
);

function CurrentShop({
  shop,
  publicUrl,
  token,
  check,
  path,
  canStop,
  absent,
}: ShopPageProps & { path: string; canStop: boolean; absent: string }) {
  if (!shop)
    return (
      <Notice tone="warn" title="Магазин не подключён">
        {absent}
      </Notice>
    );
  const address = `${publicUrl}/payments/notifications/${encodeURIComponent(shop.shop_id)}`;
  return (
    <Card title="Подключённый магазин" aside={<Status tone="good">Принимает платежи</Status>}>
      {check && <CheckNotice check={check} />}
      <DefinitionList
        items={[
          { term: 'Идентификатор', value: shop.shop_id },
          { term: 'Подключён', value: formatDate(shop.changed_at, 'Europe/Moscow') },
          {
            term: 'Адрес для уведомлений',
            value: <Copy text={address} shown={address} what="адрес для уведомлений" long />,
          },
        ]}
      />
      <p>
        Укажите этот адрес в кабинете ЮKassa, раздел «HTTP-уведомления», для событий payment.succeeded, payment.canceled
        и refund.succeeded. Без уведомлений платежи тоже учитываются, но позже.
      </p>
      <Actions>
        <Form action={`${path}/check`} csrf={token}>
          <Button kind="secondary">Проверить связь с банком</Button>
        </Form>
        {canStop && (
          <Form action={`${path}/stop`} csrf={token}>
            <Button kind="quiet">Прекратить приём</Button>
          </Form>
        )}
      </Actions>
    </Card>
  );
}

function CheckNotice({ check }: { check: ShopCheck }) {
  if (check === 'works') return <Notice tone="good" title="Связь есть: банк принял номер и ключ магазина" announce />;
  if (check === 'refused')
    return (
      <Notice tone="danger" title="Банк не принял номер или ключ магазина" announce>
        Проверьте их в кабинете ЮKassa и введите заново.
      </Notice>
    );
  return (
    <Notice tone="warn" title="Банк сейчас не отвечает" announce>
      Номер и ключ не проверены. Повторите через несколько минут.
    </Notice>
  );
}
