import type { BankConfig } from '../config.ts';
import type { Schedule } from '../schedule.ts';
import type { Ledger } from './ledger.ts';

export type Shop = BankConfig['shops'][number];

/** What every part of the bank needs to know. */
export interface Bank {
  shops: ReadonlyMap<string, Shop>;
  ledger: Ledger;
  schedule: Schedule;
  /** The public address; known only after listening began. */
  url(): string;
  /** Keys whose first answer is still on its way. In memory: a restart cuts the connections that wait for it. */
  inFlight: Set<string>;
  /** Aborted when the bank stops: notifications under way are given up and repeated after the start. */
  closing: AbortSignal;
}
