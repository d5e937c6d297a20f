import webpush from 'web-push';
import { deriveKey } from '../../../platform/config.ts';
import type { Context } from '../../../platform/context.ts';
import { seal, unseal } from '../../../platform/sealing.ts';
import { insertPushKey, selectPushKey } from './queries.ts';

export interface PushKeys {
  publicKey: string;
  privateKey: string;
}

/**
 * The installation's pair of keys: from the settings, else from the database, where the first who needs them makes them. They are kept
 * sealed by SECRET_KEY, so a fresh installation needs nothing, and a copied database alone can send nothing to anybody's phone.
 */
export async function pushKeys({ config, db, clock }: Pick<Context, 'config' | 'db' | 'clock'>): Promise<PushKeys> {
  const { VAPID_PUBLIC_KEY: publicKey, VAPID_PRIVATE_KEY: privateKey } = config;
  if (publicKey && privateKey) return { publicKey, privateKey };
  const key = deriveKey(config, 'push keys');
  let kept = await selectPushKey(db);
  if (!kept) {
    const made = webpush.generateVAPIDKeys();
    await insertPushKey(db, { publicKey: made.publicKey, sealedPrivate: seal(key, made.privateKey), at: clock() });
    kept = (await selectPushKey(db))!;
  }
  return { publicKey: kept.publicKey, privateKey: unseal(key, kept.sealedPrivate) };
}
