import type { Context } from '../../../platform/context.ts';
import type { Db, Transaction } from '../../../platform/database/database.ts';
import type { HouseId } from '../../../platform/ids.ts';
import type { Upload } from '../upload.ts';
import type { Found, Order } from './undo.ts';

/** How uploads of one kind are taken back, house by house. */
export interface Reversal {
  /** In the order in which they are held; null is what belongs to no house. */
  houses(db: Db, upload: Upload): Promise<(HouseId | null)[]>;
  /** What would change and what depends, without holding anything. */
  look(context: Context, db: Db, upload: Upload, houseId: HouseId | null): Promise<Found>;
  /**
   * The same with everything held until the transaction ends, and done. When something depends, nothing needs to have been written: the
   * caller gives up the whole transaction.
   */
  undo(context: Context, trx: Transaction, upload: Upload, order: Order, houseId: HouseId | null): Promise<Found>;
}
