import { createContext } from '../../process.ts';
import type { Order } from './run-apart.ts';
import { steps } from './steps.ts';

/** A process that does one step of one upload and ends. Its order comes from the worker that started it. */
process.once('message', async (order: Order) => {
  const context = createContext(order.config, `domovoy-upload-${order.step}`);
  try {
    await steps[order.step](context, order.key);
    await context.db.destroy();
    process.exit(0);
  } catch (error) {
    context.log.error({ err: error, ...order.key, step: order.step }, 'upload step failed');
    process.exit(1);
  }
});
// Without the worker nobody waits for the result; the step is repeated by the next one.
process.on('disconnect', () => process.exit(1));
