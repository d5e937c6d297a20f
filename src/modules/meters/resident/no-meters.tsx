import { EmptyState, formatPhone } from '../../../ui/index.ts';
import { NoRight } from '../../accounts/index.ts';
import type { OwnMeters } from '../read-own-meters.ts';

/** Why there is nothing to see, who must act, and whom to call. */
export function NoMeters({ keepers, lacksRight }: Pick<OwnMeters, 'keepers' | 'lacksRight'>) {
  if (lacksRight) return <NoRight right="readings" action={{ href: '/meters', label: 'Посмотреть приборы' }} />;
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
