import { Button, ButtonLink, Form, formatDate, Notice } from '../../ui/index.ts';
import type { Reader } from './queries.ts';

interface Props {
  reader: Pick<Reader, 'address' | 'refusedAt'>;
  token: string;
  /** The settings have the address on the same page. */
  inSettings?: boolean;
}

/** Letters do not reach the person: said calmly, with both ways out. Nothing while they do. */
export function RefusedAddress({ reader: { address, refusedAt }, token, inSettings }: Props) {
  if (!address || !refusedAt) return null;
  return (
    <Notice tone="warn" title={`Письма на ${address} не доходят`}>
      <p>
        Почтовый сервер ответил {formatDate(refusedAt, 'Europe/Moscow')}, что такого ящика нет. Обычные письма мы туда
        больше не отправляем; всё, о чём в них говорится, есть в кабинете.
      </p>
      <p>
        Если адрес верный и ящик снова работает, проверьте его. Если нет,{' '}
        {inSettings ? 'укажите ниже другой' : 'укажите другой'}.
      </p>
      <Form action="/settings/notices/try-again" csrf={token}>
        <Button kind="secondary">Проверить снова</Button>
        {!inSettings && (
          <ButtonLink href="/settings/notices" kind="quiet">
            Указать другой адрес
          </ButtonLink>
        )}
      </Form>
    </Notice>
  );
}
