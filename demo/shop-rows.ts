import { deriveKey } from '../src/platform/config.ts';
import type { Context } from '../src/platform/context.ts';
import { seal } from '../src/platform/sealing.ts';
import { type DemoOrganisationKey, providerOf } from './organisations.ts';
import { addNamed, type Rows } from './rows.ts';
import { DEMO_SHOPS } from './shops.ts';

/** The shops that take money themselves, with their secrets sealed by this installation's key. */
export function addShops(rows: Rows, context: Context, now: Date): void {
  const key = deriveKey(context.config, 'shop secrets');
  for (const { organisation, shopId, secretKey, mode } of DEMO_SHOPS) {
    if (mode === 'recipient') continue;
    addNamed(rows, 'shop', {
      organisation_id: providerOf(organisation as DemoOrganisationKey).organisationId,
      shop_id: shopId,
      secret_sealed: seal(key, secretKey),
      mode,
      active: true,
      changed_at: now,
    });
  }
}
