import type { FastifyRequest } from 'fastify';
import { idParam } from '../../../../platform/http/forms.ts';
import type { AppealId, HouseId } from '../../../../platform/ids.ts';
import type { AppealKey } from '../../appeal.ts';
import { LIST } from './list-query.ts';

/** Routes of one appeal begin so. */
export const ONE = `${LIST}/:houseId/:appealId`;

/** @throws NotFound for what is no id */
export const keyOf = ({ params }: Pick<FastifyRequest, 'params'>): AppealKey => ({
  houseId: idParam<HouseId>(params, 'houseId'),
  appealId: idParam<AppealId>(params, 'appealId'),
});
