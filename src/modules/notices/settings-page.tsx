import {
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  FieldGroup,
  Form,
  formatDateTime,
  Notice,
  PageTitle,
  Stack,
  Table,
} from '../../ui/index.ts';
import { mayChoose, type Wanted } from './choose-notices.ts';
import { CHANNELS, type Channel, kindOf, NOTICE_KIND_NAMES, type NoticeKindName } from './kinds.ts';
import type { Device } from './push/queries.ts';
import type { AddressProof, Reader } from './queries.ts';
import { RefusedAddress } from './refused-address.tsx';

const ZONE = 'Europe/Moscow';

export interface SettingsView {
  reader: Reader;
  /** An address that waits for its link to be used. */
  proof: AddressProof | null;
  wanted: ReadonlyMap<NoticeKindName, Wanted>;
  devices: readonly Device[];
  /** Endpoints of the devices, hashed: the browser finds itself among them. */
  marks: readonly string[];
  pushKey: string;
}

interface SettingsProps {
  view: SettingsView;
  token: string;
  said: string | null;
  errors: readonly FieldError[];
  typed: string | undefined;
}

export function NoticeSettingsPage({ view, token, said, errors, typed }: SettingsProps) {
  return (
    <Stack>
      <PageTitle lead={view.reader.address ? `Письма приходят на ${view.reader.address}.` : undefined}>
        Уведомления
      </PageTitle>
      {errors.length > 0 && <ErrorSummary errors={errors} />}
      {said && <Notice tone="good" title={said} announce />}
      <RefusedAddress reader={view.reader} token={token} inSettings />
      {!view.reader.address && (
        <Notice tone="warn" title="Некуда писать">
          В вашей учётной записи нет почты. Укажите её ниже.
        </Notice>
      )}
      <Kinds view={view} token={token} />
      <Devices view={view} token={token} />
      <Address view={view} token={token} errors={errors} typed={typed} />
    </Stack>
  );
}

const GROUPS: Record<Channel, string> = { email: 'Письма', push: 'На устройствах' };

/** One form. What cannot be ended is said in words: a box that cannot be unticked only teases. */
function Kinds({ view: { wanted, devices }, token }: { view: SettingsView; token: string }) {
  const shown = CHANNELS.filter((channel) => channel === 'email' || devices.length > 0);
  const fixed = NOTICE_KIND_NAMES.filter((kind) => !mayChoose(kind, 'email'));
  return (
    <Card title="О чём сообщать">
      <Form action="/settings/notices" csrf={token} hidden={{ shown: shown.join(' ') }}>
        {shown.map((channel) => (
          <FieldGroup key={channel} legend={GROUPS[channel]}>
            <div class="tiles">
              {NOTICE_KIND_NAMES.filter((kind) => mayChoose(kind, channel)).map((kind) => (
                <Kind key={kind} kind={kind} channel={channel} isOn={wanted.get(kind)![channel]} />
              ))}
            </div>
          </FieldGroup>
        ))}
        <Button>Сохранить</Button>
      </Form>
      <details>
        <summary>О чём пишем всегда</summary>
        <p>Эти письма отключить нельзя: они говорят, что сделали с вашими деньгами, счетами и данными.</p>
        <ul>
          {fixed.map((kind) => (
            <li key={kind}>
              <strong>{kindOf(kind).name}.</strong> {kindOf(kind).purpose}
            </li>
          ))}
        </ul>
      </details>
    </Card>
  );
}

function Kind({ kind, channel, isOn }: { kind: NoticeKindName; channel: Channel; isOn: boolean }) {
  const { name, purpose } = kindOf(kind);
  return (
    <Field
      kind="choice"
      as="checkbox"
      name={`${kind}.${channel}`}
      label={name}
      options={[{ value: 'on', label: name, ...(channel === 'email' && { hint: purpose }) }]}
      value={isOn ? 'on' : undefined}
    />
  );
}

function Devices({ view: { devices, marks, pushKey }, token }: { view: SettingsView; token: string }) {
  return (
    <Card
      title="Уведомления на устройствах"
      note="Короткое сообщение на экране телефона или компьютера, без сумм и имён, с 8:00 до 22:00. Сначала включено только важное."
    >
      <push-switch server-key={pushKey} known={marks.join(' ')} token={token}>
        <p data-when="none">
          Включить их можно здесь же, с того устройства, на которое они нужны, если в браузере разрешены скрипты.
        </p>
        <div data-when="off" hidden>
          <Button type="button" kind="secondary">
            Включить на этом устройстве
          </Button>
        </div>
        <p data-when="on" hidden>
          На этом устройстве уведомления включены.
        </p>
        <p data-when="denied" hidden>
          Вы запретили этому сайту уведомления. Разрешите их в настройках браузера и обновите страницу.
        </p>
        <p data-when="unable" hidden>
          Этот браузер не показывает уведомления сайтов. На iPhone и iPad добавьте кабинет на экран «Домой» и откройте
          его оттуда.
        </p>
        <p data-when="failed" role="alert" hidden>
          Не получилось: браузер не смог связаться со своей службой уведомлений. Попробуйте позже.
        </p>
      </push-switch>
      {devices.length > 0 && (
        <Table
          caption="Где включены"
          rows={devices}
          rowKey={(row) => row.deviceId}
          columns={[
            { key: 'label', title: 'Устройство', heading: true, cell: (row) => row.label },
            { key: 'since', title: 'Включены', cell: (row) => formatDateTime(row.createdAt, ZONE) },
            {
              key: 'reached',
              title: 'Последнее',
              cell: (row) => (row.reachedAt ? formatDateTime(row.reachedAt, ZONE) : 'ещё не было'),
            },
            {
              key: 'remove',
              title: 'Выключить',
              cell: (row) => (
                <Form action={`/settings/notices/devices/${row.deviceId}/remove`} csrf={token}>
                  <Button kind="quiet">
                    Выключить<span class="visually-hidden">: {row.label}</span>
                  </Button>
                </Form>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}

function Address({ view: { reader, proof }, token, errors, typed }: Omit<SettingsProps, 'said'>) {
  return (
    <Card
      title="Адрес для писем"
      note={
        reader.own
          ? `Свой адрес: ${reader.own}.${reader.given ? ` В сервисе входа указан ${reader.given}.` : ''}`
          : 'Письма приходят на адрес, который передал сервис входа. Можно указать другой.'
      }
    >
      {proof && (
        <Notice title={`Ждём подтверждения: ${proof.address}`}>
          Мы отправили туда письмо со ссылкой. Она действует до {formatDateTime(proof.expiresAt, ZONE)}. Если письма
          нет, посмотрите в «Спаме» или запросите ещё раз.
        </Notice>
      )}
      <Form action="/settings/notices/address" csrf={token}>
        <Field
          kind="text"
          type="email"
          name="address"
          label="Другой адрес"
          autocomplete="email"
          inputMode="email"
          maxLength={200}
          hint="Пришлём на него письмо со ссылкой. До её нажатия ничего не изменится."
          value={typed ?? proof?.address}
          error={errorOf(errors, 'address')}
        />
        <Button kind="secondary">Прислать письмо для проверки</Button>
      </Form>
      {reader.own && (
        <Form action="/settings/notices/address/drop" csrf={token}>
          <Button kind="quiet">Вернуться к адресу из сервиса входа</Button>
        </Form>
      )}
    </Card>
  );
}
