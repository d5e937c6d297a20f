import { startBank } from './bank/start.tsx';
import { sandboxConfigSchema } from './config.ts';
import type { Running } from './http.ts';
import { startIdentity } from './identity/start.tsx';
import { startMailbox } from './mailbox/start.tsx';

/**
 * The outside world in a box: a bank, an identity provider and a mailbox for people who try the product. One process,
 * one variable SANDBOX_CONFIG (JSON, see config.ts), one line on the standard output when everything listens.
 */
async function main(): Promise<void> {
  const { host, dataDir, bank, identity, mailbox } = sandboxConfigSchema.parse(
    JSON.parse(process.env.SANDBOX_CONFIG ?? 'null'),
  );
  const running: Running[] = [];
  const stop = once(async () => {
    await Promise.all(running.map((part) => part.close()));
    process.exit(0);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
  // Started with a channel to the parent: not to outlive a parent that was killed.
  process.on('disconnect', stop);

  const theBank = await startBank({ ...bank, host, dataDir });
  running.push(theBank);
  const theIdentity = await startIdentity({ ...identity, host, dataDir });
  running.push(theIdentity);
  const theMailbox = await startMailbox({ ...mailbox, host });
  running.push(theMailbox);
  const ready = {
    ready: true,
    bank: theBank.url,
    identity: theIdentity.url,
    mailbox: theMailbox.url,
    smtpPort: theMailbox.smtpPort,
  };
  // To a parent with a channel, and in one line for whoever reads the output.
  process.send?.(ready);
  console.log(JSON.stringify(ready));
}

/** Two signals in a row stop once. */
function once(action: () => Promise<void>): () => void {
  let begun = false;
  return () => {
    if (!begun) void action();
    begun = true;
  };
}

main().catch((error: unknown) => {
  console.error('sandbox:', error instanceof Error ? error.message : error);
  process.exit(1);
});
