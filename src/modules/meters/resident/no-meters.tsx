import { EmptyState, formatPhone } from '../../../ui/index.ts';
import type { Provider } from '../read-own-meters.ts';

/** Why there is nothing to see, who must act, and whom to call. */
export function NoMeters({ keepers }: { keepers: readonly Provider[] }) {
  if (keepers.length === 0)
    return (
      <EmptyState
        title="К кабинету ещё не подключён ни один лицевой счёт"
        action={{ href: '/accounts/connect', label: 'Подключить лицевой счёт' }}
      >
        Подключите счёт по номеру из квитанции, и здесь появятся приборы, по которым его считают.
      </EmptyState>
    );
  return (
    <EmptyState
      title="Приборов учёта по вашим счетам пока нет"
      action={{ href: '/why/reading', label: 'Почему не передать показания' }}
    >
      <p>
        Сведения о приборах размещают организации, которые по ним начисляют. Если прибор у вас стоит, позвоните и
        попросите внести его: нужны номер прибора и акт ввода в эксплуатацию. До этого начисляют по нормативу.
      </p>
      <ul>
        {keepers.map(({ organisationId, name, phone }) => (
          <li key={organisationId}>
            <a href={`/organisations/${organisationId}`}>{name}</a>
            {phone ? (
              <>
                : <a href={`tel:${phone.replace(/[^\d+]/g, '')}`}>{formatPhone(phone)}</a>
              </>
            ) : (
              ': телефон не указан'
            )}
          </li>
        ))}
      </ul>
    </EmptyState>
  );
}
