import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formToken, sendPage } from '../../../pages/page.tsx';
import { actingFor } from '../../../platform/access.ts';
import type { Context } from '../../../platform/context.ts';
import { Invalid } from '../../../platform/errors.ts';
import { contentDisposition } from '../../../platform/http/content-disposition.ts';
import { monthField, parse, type Typed, typed } from '../../../platform/http/forms.ts';
import { limitsOf } from '../../../platform/http/limits.ts';
import { type HouseId, isUuid } from '../../../platform/ids.ts';
import { addMonths, type Month } from '../../../platform/month.ts';
import {
  Actions,
  Button,
  Card,
  ErrorSummary,
  errorOf,
  Field,
  type FieldError,
  Form,
  formatMonth,
  Notice,
  PageTitle,
  Stack,
} from '../../../ui/index.ts';
import { access } from '../access.ts';
import { exportReadings, LAYOUTS } from '../export-readings.ts';
import { houseOfActor } from '../own-meters.ts';
import { windowOfOrganisation } from '../set-window.ts';
import { DESK, deskCrumbs } from './frame.tsx';

const form = z.object({
  period: monthField('Выберите месяц'),
  layout: z.enum(LAYOUTS, { error: 'Выберите вид файла' }),
  house: z
    .string()
    .optional()
    .transform((text) => (text && isUuid(text) ? (text as HouseId) : null)),
});
const MONTHS = 6;

/** Readings for billing as a file. Giving them out changes their state, so it is a form and not a link. */
export function registerReadingExport(app: FastifyInstance, context: Context): void {
  const exporting = { config: { access: access.exportReadings, sensitive: true } };

  app.get(`${DESK}/export`, exporting, (request, reply) => show(context, request, reply, {}, []));

  const making = { config: { ...exporting.config, rateLimit: limitsOf(context.config).heavy } };
  app.post(`${DESK}/export`, making, async (request, reply) => {
    try {
      const { period, layout, house: houseId } = parse(form, request.body);
      const pieces = await exportReadings(context, request.actor, { period, layout, houseId });
      const name = `Показания ${period}${layout === '1c' ? ' для 1С' : ''}.csv`;
      return reply
        .header('content-disposition', contentDisposition('attachment', name, `readings-${period}.csv`))
        .header('x-content-type-options', 'nosniff')
        .type('text/csv; charset=utf-8')
        .send(Readable.from(pieces));
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      return show(context, request, reply.code(error.status), typed(request.body), error.fields);
    }
  });
}

async function show(
  context: Context,
  request: FastifyRequest,
  reply: FastifyReply,
  values: Typed,
  errors: readonly FieldError[],
) {
  const { acting } = actingFor(request.actor);
  const { house = '' } = request.query as { house?: string };
  const houseId = isUuid(values.house ?? house) ? ((values.house ?? house) as HouseId) : null;
  const [{ period }, own] = await Promise.all([
    windowOfOrganisation(context.db, acting.organisationId, context.clock()),
    houseId ? houseOfActor(context.db, request.actor, houseId) : null,
  ]);
  return sendPage(
    request,
    reply,
    { title: 'Выгрузка показаний', active: DESK, breadcrumbs: deskCrumbs({ label: 'Выгрузка показаний' }) },
    <ExportPage
      {...{ values, errors, period }}
      house={own ? { houseId: own.house.houseId, address: own.house.shortAddress } : null}
      token={formToken(request, reply)}
    />,
  );
}

interface ExportPageProps {
  values: Typed;
  errors: readonly FieldError[];
  period: Month;
  house: { houseId: string; address: string } | null;
  token: string;
}

function ExportPage({ values, errors, period, house, token }: ExportPageProps) {
  const months = Array.from({ length: MONTHS }, (_, back) => addMonths(period, -back));
  return (
    <Stack>
      <PageTitle
        kicker={house?.address}
        lead="Показания за месяц для программы расчётов. В файле номера лицевых счетов и приборов, без имён."
      >
        Выгрузка показаний
      </PageTitle>
      <ErrorSummary errors={errors} />
      <Card>
        <Form
          action={`${DESK}/export`}
          csrf={token}
          hidden={house ? { house: house.houseId } : {}}
          label="Выгрузка показаний"
        >
          <Field
            kind="choice"
            as="select"
            name="period"
            label="За какой месяц"
            options={months.map((value) => ({ value, label: formatMonth(value) }))}
            value={values.period ?? period}
            error={errorOf(errors, 'period')}
          />
          <Field
            kind="choice"
            as="radio"
            name="layout"
            label="Вид файла"
            options={[
              { value: 'csv', label: 'Таблица CSV', hint: 'Открывается в Excel и LibreOffice' },
              { value: '1c', label: 'Для 1С', hint: 'Строки с точкой с запятой, начало #DATE_BEGIN' },
            ]}
            value={values.layout ?? 'csv'}
            error={errorOf(errors, 'layout')}
          />
          <Actions>
            <Button icon="download">Скачать файл</Button>
          </Actions>
        </Form>
      </Card>
      <Notice tone="info" title="Что произойдёт">
        Новые показания получат отметку «забрано», и жители её увидят. Принимать или отклонять их можно и потом. Тот же
        месяц можно выгрузить ещё раз: в файле снова будет всё, что не отклонено.
      </Notice>
    </Stack>
  );
}
