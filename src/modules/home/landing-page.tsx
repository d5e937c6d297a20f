import { ActionCard, AddressSearch, Card, CardGrid, Hero, NBSP, Stack } from '../../ui/index.ts';

/** What somebody sees who has not signed in. «Войти» stands in the header of every page. */
export function LandingPage() {
  return (
    <Stack>
      <Hero
        title={`Квитанции и платежи за жильё${NBSP}— в одном месте`}
        lead="Сколько платить, кому и до какого числа. По всем вашим квартирам и всем организациям сразу."
      />
      <CardGrid label="Что можно сделать без входа">
        <ActionCard
          href="/pay/any"
          icon="wallet"
          title="Оплатить ЖКУ по любому лицевому счету"
          text="Без входа. Нужен номер из квитанции"
        />
        <ActionCard href="/help" icon="life-buoy" title="Помощь" text="Если счёт не находится или не подключается" />
      </CardGrid>
      <Card title="Найдите свой дом" note="Покажем, какая организация им управляет и куда звонить">
        <AddressSearch action="/find" />
      </Card>
    </Stack>
  );
}
