import { PEOPLE } from '../sandbox/people.ts';
import type { Db } from '../src/platform/database/database.ts';
import { selectNumberOfPayer } from './queries.ts';

export interface PersonRow {
  login: string;
  name: string;
  /** What the person can show. Each promise is held by a test. */
  shows: string;
}

const SHOWS: Readonly<Record<string, string>> = {
  domovitova:
    'две квартиры в двух домах и девять лицевых счетов: к оплате, долг с пенями, переплата, исправленная квитанция, перерасчёт, история платежей; шесть счётчиков, передан в этом месяце один: у одного через три недели кончится поверка, у другого дальше нули после 99999, третий заменён посреди месяца',
  pervovhodov:
    'новичок: лицевые счета на его имя есть, но ещё не подключены; за холодную воду три месяца начисляли по среднему и пересчитали, когда пришло показание',
  kvartirosyomova:
    'муниципальная квартира по договору социального найма, плата за наём; счётчик с истёкшей поверкой и начислением по среднему, показание, отклонённое с причиной',
  nepodtverzhdyonov: 'неподтверждённая учётная запись: что закрыто и как её подтвердить',
  zayavkina:
    'специалист ООО «УК „Дубравушка“»: дома, лицевые счета, загрузка квитанций, заявки на подключение, общедомовые приборы',
  upravlyaev: 'руководитель ООО «УК „Дубравушка“»: то же и магазин для приёма платежей',
  tihodvorova: 'специалист ООО «Тихий двор»: видит только свои дома; в одном теряется восьмая часть воды',
  dvoroupravlyaev: 'руководитель ООО «Тихий двор»',
  teplovodova:
    'специалист АО «Теплородник»: лицевые счета за воду и тепло в домах обеих компаний; счётчики воды: кто не передал, поверки, неисправный прибор в квартире 22 и общие приборы коммунальной квартиры 5 на Аргуновской, 18',
  teplorodnikov: 'руководитель АО «Теплородник»: то же, дни приёма показаний и ключи для программ',
  kapremontov: 'специалист фонда капитального ремонта: взносы по всем заселённым домам',
  proveryalova: 'сотрудник учебной жилищной инспекции',
  platformennyy: 'администратор кабинета и руководитель его оператора',
};

const NEWCOMER = 'pervovhodov';

/** Whom one can sign in as, and the number (ЕЛС) that the newcomer has to enter: printed by `npm start`. */
export async function peopleTable(db: Db): Promise<PersonRow[]> {
  const newcomer = PEOPLE.find(({ login }) => login === NEWCOMER)!;
  const number = await selectNumberOfPayer(db, newcomer.snils);
  return PEOPLE.map((person) => {
    const shows = SHOWS[person.login] ?? person.shows;
    return {
      login: person.login,
      name: `${person.familyName} ${person.givenName} ${person.middleName}`,
      shows: person === newcomer && number ? `${shows}; номер для подключения: ${number}` : shows,
    };
  });
}
