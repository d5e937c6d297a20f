import { Actions, Button, ButtonLink } from '../button.tsx';
import { ActionCard, Card, CardGrid, Columns } from '../card.tsx';
import { Copy } from '../copy.tsx';
import { DefinitionList } from '../definition-list.tsx';
import { formatDayMonth } from '../format.ts';
import { Icon } from '../icon.tsx';
import type { IconName } from '../icons.ts';
import { OWN } from '../icons.ts';
import { Balance, Money, SumCard } from '../money.tsx';
import { EmptyState, Notice } from '../notice.tsx';
import { Progress } from '../progress.tsx';
import { Status, Timeline } from '../status.tsx';
import { Section } from './section.tsx';

const LONG_ORGANISATION =
  'Общество с ограниченной ответственностью «Управляющая компания жилищно-коммунального хозяйства Северо-Восточного округа»';

export function MoneySamples() {
  return (
    <>
      <SumCard
        label="К оплате за октябрь"
        amount={512345n}
        note={
          <>
            Оплатите до <b>{formatDayMonth('2026-11-15')}</b>
          </>
        }
        source="По данным ООО «Тёплый дом», 5 ноября"
      >
        <ButtonLink href="#money" wide>
          Оплатить
        </ButtonLink>
        <ButtonLink href="#money" kind="secondary" icon="file-text" wide>
          Квитанция
        </ButtonLink>
      </SumCard>
      <Section id="money" title="Деньги">
        <DefinitionList
          items={[
            { term: 'Долг', value: <Balance owed={123456789n} /> },
            { term: 'Переплата', value: <Balance owed={-20000n} /> },
            { term: 'Ничего', value: <Balance owed={0n} /> },
            { term: 'Перерасчёт', value: <Money amount={-4550n} /> },
            { term: 'Меньше рубля', value: <Money amount={7n} /> },
          ]}
        />
      </Section>
    </>
  );
}

export function CardSamples() {
  return (
    <>
      <CardGrid label="Действия">
        <ActionCard
          href="#cards"
          icon="wallet"
          title="Оплатить ЖКУ"
          badge={{ count: 13, label: 'неоплаченных квитанций' }}
        />
        <ActionCard
          href="#cards"
          icon="gauge"
          title="Передать показания приборов учета"
          text="Принимаются с 15 по 25 ноября"
          badge={{ count: 1, label: 'прибор ждёт' }}
        />
        <ActionCard href="#cards" icon="credit-card" title="Оплатить ЖКУ по любому лицевому счету" />
        <ActionCard href="#cards" icon="vote" title="Голосование по дому" text="Сейчас голосований нет" />
      </CardGrid>
      <Columns>
        <Card
          id="cards"
          title="Помещение (жилой дом)"
          note="Вы являетесь собственником данного помещения"
          aside={<a href="#cards">О доме</a>}
        >
          <DefinitionList
            items={[
              {
                term: 'Адрес',
                value: '127220, г. Москва, проезд Петровско-Разумовский, д. 12, корп. 3, стр. 1, кв. 125',
              },
              { term: 'Общая площадь', value: '49,5 м²' },
              { term: 'Кол-во проживающих', value: null, empty: 'значение не указано' },
              { term: 'Телефон', value: '' },
              { term: 'Управляющая организация', value: <a href="#cards">{LONG_ORGANISATION}</a> },
            ]}
          />
        </Card>
        <Card id="copy" title="Лицевой счёт">
          <Copy text="7700123456789012" what="номер лицевого счёта" />
          <p>
            <Copy text="10АБ123456-01" what="идентификатор ЖКУ" shown="10АБ123456-01" />
          </p>
        </Card>
      </Columns>
      <Section id="buttons" title="Кнопки и значки">
        <Actions>
          <Button type="button">Главное действие</Button>
          <Button type="button" kind="secondary" icon="download">
            Второе
          </Button>
          <Button type="button" kind="quiet">
            Тихое
          </Button>
          <Button type="button" kind="danger" icon="trash-2">
            Удалить
          </Button>
          <Button type="button" disabled>
            Недоступно
          </Button>
        </Actions>
        <p>
          {(Object.keys(OWN) as IconName[]).map((name) => (
            <span key={name}>
              <Icon name={name} /> {name}{' '}
            </span>
          ))}
        </p>
      </Section>
    </>
  );
}

export function StateSamples() {
  return (
    <>
      <Section id="notices" title="Сообщения">
        <Notice title="Показания принимаются с 15 по 25 ноября">Осталось 5 дней.</Notice>
        <Notice tone="good" title="Показания приняты">
          Будут учтены в квитанции за ноябрь. До 25 ноября их можно исправить.
        </Notice>
        <Notice tone="warn" title="Срок поверки счётчика подходит">
          До 1 февраля 2027 г. вызовите поверителя. <a href="#notices">Как это сделать</a>
        </Notice>
        <Notice tone="danger" title="Отключение горячей воды">
          Сегодня до 18:00, {LONG_ORGANISATION}.
        </Notice>
        <Notice tone="danger" />
        <p>
          <Status tone="neutral">Не отправлено</Status> <Status tone="info">Отправлено</Status>{' '}
          <Status tone="waiting">В обработке до 3 дней</Status> <Status tone="good">Исполнено</Status>{' '}
          <Status tone="warn">Просрочено</Status> <Status tone="danger">Отклонено</Status>
        </p>
      </Section>
      <Section id="empty" title="Пусто">
        <EmptyState
          title="Квитанции за октябрь ещё нет"
          action={{ href: '#empty', label: 'Напишите в управляющую организацию' }}
        >
          <p>Её размещает ООО «Тёплый дом» до 1 ноября. Мы пришлём письмо, когда она появится.</p>
        </EmptyState>
      </Section>
      <Section id="timeline" title="Ход дела">
        <Timeline
          items={[
            { state: 'done', title: 'Обращение отправлено', when: '29 октября 2026 г., 14:05' },
            { state: 'done', title: `Получило ${LONG_ORGANISATION}`, when: '29 октября, 14:06' },
            { state: 'current', title: 'Рассматривается', when: 'ответ до 28 ноября', text: 'Срок по 59-ФЗ: 30 дней.' },
            { state: 'future', title: 'Ответ' },
          ]}
        />
        <Timeline
          items={[{ state: 'refused', title: 'Отказ в подключении', when: '1 ноября', text: 'Счёт не найден.' }]}
        />
      </Section>
      <Section id="progress" title="Долгая работа">
        <Progress label="Проверяем файл" value={1204} max={30_000} note="Проверено 1 204 из 30 000 строк" />
        <Progress label="Готовим выгрузку" />
      </Section>
    </>
  );
}
