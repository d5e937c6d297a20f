/** One row: what the demonstration was asked for, and whether it was made to its end. */
export interface DemoRunTable {
  demo_key: 'demo';
  seed: string;
  accounts: number;
  months: number;
  started_at: Date;
  finished_at: Date | null;
}

declare module '../src/platform/database/database.ts' {
  interface Tables {
    demo_run: DemoRunTable;
  }
}
