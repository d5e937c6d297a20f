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
import type { ShopTable } from './tables.ts';

interface ShopPageProps {
  shop: ShopTable | null;
  publicUrl: string;
  token: string;
  sent: Typed;
  errors: readonly FieldError[];
  check: ShopCheck | null;
}

/** The head of an organisation connects the shop that takes its payers' money. */
export function OwnShopPage(props: ShopPageProps) {
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
      <Card
        title={props.shop ? 'Заменить магазин' : 'Подключить магазин'}
        note="Номер и ключ выдаёт ЮKassa в разделе «Интеграция»"
      >
        <Form action="/work/shops" csrf={props.token} marksRequired>
          <ShopFields {...props} />
          <Button>{props.shop ? 'Заменить' : 'Подключить'}</Button>
        </Form>
      </Card>
    </Stack>
  );
}

/** The administrator connects the shop that splits one payment among recipients. */
export function SplitShopPage(props: ShopPageProps) {
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
